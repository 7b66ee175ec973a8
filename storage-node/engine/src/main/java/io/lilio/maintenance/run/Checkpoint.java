package io.lilio.maintenance.run;

import java.util.SortedMap;
import java.util.TreeMap;

/** Where a run begins and where it says how far it is. */
interface Checkpoint {

    /** A run that remembers nothing. */
    Checkpoint NONE =
            new Checkpoint() {
                @Override
                public int firstPartition() {
                    return 0;
                }

                @Override
                public SortedMap<String, Long> counts() {
                    return new TreeMap<>();
                }

                @Override
                public void reached(int nextPartition, SortedMap<String, Long> counts) {}

                @Override
                public void save(SortedMap<String, Long> counts) {}
            };

    /** 0, or where an earlier process left off. */
    int firstPartition();

    /** What that process had counted. */
    SortedMap<String, Long> counts();

    /** All partitions before this one are done. */
    void reached(int nextPartition, SortedMap<String, Long> counts);

    /** Writes down now how far it is. */
    void save(SortedMap<String, Long> counts);
}
