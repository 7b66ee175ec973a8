/**
 * The real operator process against a real API server (tag {@code kubernetes}, {@code make
 * test-operator}). Storage nodes and kubelets are played: pods are told to be ready, and an admin
 * API in memory answers at the addresses that their DNS names would have.
 */
@NullMarked
package io.lilio.operator.apiserver;

import org.jspecify.annotations.NullMarked;
