/**
 * One pass over a LilioCluster (DESIGN §13): what is there is read live, the planner decides, what
 * it decides is named in status before anything is done, and status is written last, from what was
 * seen. Plain Java over three narrow interfaces, {@code kube.Kubernetes}, {@code admin.AdminApis}
 * and {@code admin.EtcdMembership}; nothing here knows a framework, so a simulation can run it.
 */
@NullMarked
package io.lilio.operator.cluster;

import org.jspecify.annotations.NullMarked;
