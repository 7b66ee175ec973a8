/**
 * The Kubernetes objects that make up a cluster, one class each: pure functions from a
 * LilioCluster, and what little else they depend on, to the object that is applied by server-side
 * apply. Nothing here talks to Kubernetes, and every field that is set here is the operator's; what
 * is not set belongs to whoever sets it.
 *
 * <p>Pods are made from templates that follow from the resource alone (DESIGN §13, rule 7): nothing
 * of the operator's own version, image or place is in them, nor how many nodes there are. {@link
 * io.lilio.operator.dependent.TemplateIdentity} tells two templates apart; whoever changes what a
 * template of the same resource looks like has an operator's upgrade restart every storage node
 * there is.
 *
 * <p>Claims, names and selectors cannot be changed once they are made, so they never depend on
 * anything that can.
 */
@NullMarked
package io.lilio.operator.dependent;

import org.jspecify.annotations.NullMarked;
