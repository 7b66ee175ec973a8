package io.lilio.metadata.memory;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An immutable ordered map: an AVL tree (Adelson-Velsky and Landis, 1962) whose changed copies
 * share all but one path with the original, so that every revision can be kept at the price of a
 * reference. The empty tree is null.
 */
record KeyTree(Entry entry, @Nullable KeyTree left, @Nullable KeyTree right, int height) {

    static @Nullable Entry get(@Nullable KeyTree tree, Bytes key) {
        KeyTree at = tree;
        while (at != null) {
            int order = key.compareTo(at.entry.key());
            if (order == 0) {
                return at.entry;
            }
            at = order < 0 ? at.left : at.right;
        }
        return null;
    }

    static KeyTree put(@Nullable KeyTree tree, Entry entry) {
        if (tree == null) {
            return of(null, entry, null);
        }
        int order = entry.key().compareTo(tree.entry.key());
        if (order == 0) {
            return new KeyTree(entry, tree.left, tree.right, tree.height);
        }
        return order < 0
                ? balanced(put(tree.left, entry), tree.entry, tree.right)
                : balanced(tree.left, tree.entry, put(tree.right, entry));
    }

    static @Nullable KeyTree remove(@Nullable KeyTree tree, Bytes key) {
        if (tree == null) {
            return null;
        }
        int order = key.compareTo(tree.entry.key());
        if (order < 0) {
            return balanced(remove(tree.left, key), tree.entry, tree.right);
        }
        if (order > 0) {
            return balanced(tree.left, tree.entry, remove(tree.right, key));
        }
        if (tree.right == null) {
            return tree.left;
        }
        return balanced(tree.left, first(tree.right), withoutFirst(tree.right));
    }

    /**
     * Visits the entries of a range in order until the visitor says false.
     *
     * @return whether the whole range was visited
     */
    static boolean visit(@Nullable KeyTree tree, KeyRange range, Predicate<Entry> visitor) {
        if (tree == null) {
            return true;
        }
        Bytes key = tree.entry.key();
        boolean reachesFrom = key.compareTo(range.from()) >= 0;
        boolean beforeTo = key.compareTo(range.to()) < 0;
        if (reachesFrom && !visit(tree.left, range, visitor)) {
            return false;
        }
        if (reachesFrom && beforeTo && !visitor.test(tree.entry)) {
            return false;
        }
        return !beforeTo || visit(tree.right, range, visitor);
    }

    private static Entry first(KeyTree tree) {
        KeyTree at = tree;
        while (at.left != null) {
            at = at.left;
        }
        return at.entry;
    }

    private static @Nullable KeyTree withoutFirst(KeyTree tree) {
        return tree.left == null
                ? tree.right
                : balanced(withoutFirst(tree.left), tree.entry, tree.right);
    }

    private static KeyTree balanced(@Nullable KeyTree left, Entry entry, @Nullable KeyTree right) {
        int difference = height(left) - height(right);
        if (difference > 1 && left != null) {
            KeyTree inner = left.right;
            if (height(left.left) >= height(inner) || inner == null) {
                return of(left.left, left.entry, of(inner, entry, right));
            }
            return of(
                    of(left.left, left.entry, inner.left),
                    inner.entry,
                    of(inner.right, entry, right));
        }
        if (difference < -1 && right != null) {
            KeyTree inner = right.left;
            if (height(right.right) >= height(inner) || inner == null) {
                return of(of(left, entry, inner), right.entry, right.right);
            }
            return of(
                    of(left, entry, inner.left),
                    inner.entry,
                    of(inner.right, right.entry, right.right));
        }
        return of(left, entry, right);
    }

    private static KeyTree of(@Nullable KeyTree left, Entry entry, @Nullable KeyTree right) {
        return new KeyTree(entry, left, right, 1 + Math.max(height(left), height(right)));
    }

    private static int height(@Nullable KeyTree tree) {
        return tree == null ? 0 : tree.height;
    }
}
