package io.lilio.crd.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A list whose entries differ: {@code x-kubernetes-list-type} is {@code map} with this key, or
 * {@code set} without one. Server-side apply then merges it entry by entry.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Keyed {

    /** The field that tells entries apart; empty: the entry itself. */
    String value() default "";
}
