import java.util.Set;

/** Bounds of one exploration. Tables are bit masks of members, one per epoch, the first unused. */
final class Scenario {
    final String name;
    int writeQuorum = 2, readQuorum = 1;
    int members = 2, sessions = 1, movers = 0;
    int[] tables = {0, 0b11};
    int[] coordinator = {0};
    int[] readers = {};
    int[] healers = {};
    int expiries = 0, deletes = 0, diskLosses = 0, restarts = 0, gcRuns = 0, unknowns = 0,
            doubles = 0, partialLosses = 0;
    int mayLose = -1, startAt = -1;
    boolean drains;
    boolean putsGetLost, startWithObject, versioned, staleCoordinator, late, forgets;
    boolean checkQuiet = true;
    Set<Rule> shows = Set.of(); // what is to be looked for here first

    Scenario(String name) { this.name = name; }
    int blobs() { return coordinator.length; }
    Scenario quorum(int w, int r) { writeQuorum = w; readQuorum = r; return this; }
    Scenario ring(int members, int... tables) {
        this.members = members;
        this.tables = new int[tables.length + 1];
        System.arraycopy(tables, 0, this.tables, 1, tables.length);
        return this;
    }
    Scenario writers(int... c) { coordinator = c; for (int x : c) sessions = Math.max(sessions, x + 1); return this; }
    Scenario readers(int... c) { readers = c; for (int x : c) sessions = Math.max(sessions, x + 1); return this; }
    Scenario healers(int... c) { healers = c; for (int x : c) sessions = Math.max(sessions, x + 1); return this; }
    Scenario movers(int n) { movers = n; return this; }
    Scenario expiries(int n) { expiries = n; return this; }
    Scenario deletes(int n) { deletes = n; return this; }
    Scenario diskLosses(int n) { diskLosses = n; return this; }
    Scenario restarts(int n) { restarts = n; return this; }
    Scenario doubles(int n) { doubles = n; return this; }
    Scenario partialLosses(int n) { partialLosses = n; return this; }
    Scenario gc(int n) { gcRuns = n; checkQuiet = false; return this; }
    Scenario unknowns(int n) { unknowns = n; return this; }
    Scenario lostPuts() { putsGetLost = true; return this; }
    Scenario existing() { startWithObject = true; return this; }
    Scenario existingAt(int mask) { startAt = mask; return existing(); }
    Scenario versioned() { versioned = true; return this; }
    Scenario staleCoordinator() { staleCoordinator = true; return this; }
    Scenario onlyLoses(int mask) { mayLose = mask; return this; }
    Scenario drains() { drains = true; return this; }
    Scenario late() { late = true; return this; }
    Scenario forgets() { forgets = true; return this; }
    Scenario shows(Rule... rules) { shows = Set.of(rules); return this; }
    Scenario noQuiet() { checkQuiet = false; return this; }
}
