import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Runs the scenarios, then switches the rules off one by one. */
public final class Check {
    static final List<Scenario> ALL = List.of(
        new Scenario("confirm-twice").writers(0).deletes(1).late().doubles(1),
        new Scenario("confirm-straggler").quorum(2, 2).ring(3, 0b111).writers(0).deletes(1).expiries(1).late(),
        new Scenario("confirm-heal").quorum(1, 2).existingAt(0b01).deletes(1).expiries(1).healers(1).late().doubles(1),
        new Scenario("gc-versions").existing().versioned().writers(0, 0).deletes(1).gc(1),
        new Scenario("gc-session").writers(0).expiries(1).gc(1),
        new Scenario("gc-reader").existing().writers(0).deletes(1).readers(0).gc(1),
        new Scenario("commit-3of2").quorum(2, 2).ring(3, 0b111).writers(0).unknowns(1).deletes(1).expiries(1).lostPuts().diskLosses(1),
        new Scenario("unknown-reader").existing().writers(0, 0).unknowns(1).deletes(1).readers(1),
        new Scenario("ring-narrow-loss").quorum(2, 2).ring(3, 0b011, 0b110).writers(0).movers(1).diskLosses(1).onlyLoses(1),
        new Scenario("ring-two-movers").ring(3, 0b011, 0b110, 0b101).existing().writers(0).movers(2).drains(),
        new Scenario("ring-3of2-restart").quorum(2, 2).ring(4, 0b0111, 0b1110, 0b0111).existing().writers(0).movers(1).restarts(1).drains(),
        new Scenario("ring-forget").ring(3, 0b011, 0b110, 0b011).existing().movers(1).deletes(1).forgets().shows(Rule.TABLES_OUTLAST_DROPS),
        new Scenario("confirm-overwrite").writers(0, 0).expiries(1).late().doubles(1),
        new Scenario("commit-1key").writers(0, 0).unknowns(1).deletes(1).expiries(1),
        new Scenario("ring-cancel").ring(3, 0b011, 0b110, 0b011).writers(0).movers(1).restarts(1).staleCoordinator().drains(),
        new Scenario("ring-1of3").quorum(1, 3).ring(4, 0b0111, 0b1110).writers(0).movers(1).lostPuts(),
        new Scenario("ring-3of1").quorum(3, 1).ring(4, 0b0111, 0b1110, 0b0111).writers(0).movers(1),
        new Scenario("ring-3of2-loss").quorum(2, 2).ring(4, 0b0111, 0b1110).writers(0).movers(1).lostPuts().diskLosses(1).noQuiet(),
        new Scenario("ring-race").ring(3, 0b011, 0b110, 0b101).writers(0).movers(2).drains().staleCoordinator(),
        new Scenario("ring-move-all").ring(4, 0b0011, 0b1100, 0b0011).existing().writers(0).movers(1).readers(0).deletes(1),
        new Scenario("commit-reader").writers(0, 0).deletes(1).expiries(1).readers(1),
        new Scenario("commit-2coord").writers(0, 1).unknowns(1).deletes(1).expiries(1),
        new Scenario("ring-unknown").ring(3, 0b011, 0b110, 0b101).writers(0).movers(1).unknowns(1).expiries(1).deletes(1).drains(),
        new Scenario("ring-3of2").quorum(2, 2).ring(4, 0b0111, 0b1110, 0b0111).writers(0).movers(1).lostPuts(),
        new Scenario("gc").existing().writers(0, 1).unknowns(1).deletes(1).expiries(1).gc(1).readers(1),
        new Scenario("ring-chain-loss").quorum(2, 2).ring(4, 0b0111, 0b1110, 0b1101).writers(0).movers(1).lostPuts().diskLosses(1).noQuiet(),
        new Scenario("confirm-ring").quorum(1, 2).ring(3, 0b011, 0b110, 0b011).existingAt(0b010).movers(1).healers(0).deletes(1).late().forgets()
            .shows(Rule.CONFIRM_UNDER_ITS_RING, Rule.CONFIRM_BY_NEWEST_TABLE),
        new Scenario("refill").quorum(2, 2).ring(4, 0b0111, 0b1110).writers(0).movers(1).lostPuts().partialLosses(1)
            .shows(Rule.REFILLING_LISTS_NOTHING, Rule.REFILL_WAITS_FOR_MARKS),
        new Scenario("ring-late").ring(3, 0b011, 0b110, 0b011).writers(0).movers(1).deletes(1).late().doubles(1).forgets(),
        new Scenario("ring-overwrite").ring(3, 0b011, 0b110, 0b011).existing().writers(0, 0).movers(1).readers(0).drains()
    );
    static final Set<Rule> ALTERNATIVES = EnumSet.of(Rule.TWO_LOOKS);
    /** Nothing is found without them within these bounds, one at a time. */
    static final Set<Rule> SPARE = EnumSet.of(Rule.HEAD_TOMBSTONE, Rule.EVERY_SLOT_VERIFIED,
            Rule.GC_WAITS_AFTER_WALK, Rule.GC_SEES_TRASH, Rule.GC_READS_TRASH_LAST);
    /** Of each pair one is enough: both off must break. */
    static final List<Set<Rule>> PAIRS = List.of(
            EnumSet.of(Rule.GC_WAITS_AFTER_WALK, Rule.GC_SEES_TRASH),
            EnumSet.of(Rule.GC_WAITS_AFTER_WALK, Rule.GC_READS_TRASH_LAST),
            EnumSet.of(Rule.GC_WAITS_AFTER_WALK, Rule.DELETE_WRITES_TRASH));

    private static boolean asExpected = true;

    /** None: everything. {@code try SCENARIO-REGEX [RULE | +ALTERNATIVE | noquiet]...}: one question. */
    public static void main(String[] a) {
        int limit = Integer.getInteger("limit", 20_000_000), ruleLimit = Integer.getInteger("ruleLimit", 1_300_000);
        if (a.length > 1 && a[0].equals("try")) {
            Set<Rule> off = EnumSet.copyOf(ALTERNATIVES);
            boolean quiet = true;
            for (int i = 2; i < a.length; i++)
                if (a[i].equals("noquiet")) quiet = false;
                else if (a[i].startsWith("+")) off.remove(Rule.valueOf(a[i].substring(1)));
                else off.add(Rule.valueOf(a[i]));
            for (Scenario s : ALL) if (s.name.matches(a[1])) explore(quiet ? s : s.noQuiet(), off, limit);
            return;
        }
        System.out.println("all rules on:");
        long states = 0;
        for (Scenario s : ALL) {
            Explorer.Result r = explore(s, ALTERNATIVES, limit);
            states += r.states();
            asExpected &= r.broken() == null && r.complete();
        }
        System.out.printf("%,d states in all%n%none rule off:%n", states);
        for (Rule r : Rule.values()) if (!ALTERNATIVES.contains(r)) without(EnumSet.of(r), !SPARE.contains(r), ruleLimit);
        System.out.printf("%ntwo rules off:%n");
        for (Set<Rule> p : PAIRS) without(p, true, ruleLimit);
        System.out.println(asExpected ? "\nas expected" : "\nNOT AS EXPECTED");
        System.exit(asExpected ? 0 : 1);
    }

    private static Explorer.Result explore(Scenario s, Set<Rule> off, int limit) {
        long t = System.nanoTime();
        Explorer.Result r = new Explorer(new Model(s, off), limit).run();
        System.out.printf("  %-18s %,11d states, depth %2d  %-12s %5.1f s%n", s.name, r.states(), r.depth(),
                r.broken() != null ? "BROKEN" : r.complete() ? "holds" : "NOT FINISHED", (System.nanoTime() - t) / 1e9);
        if (r.broken() != null) System.out.println("      " + r.broken() + "\n      " + String.join(" ", r.trace()));
        return r;
    }

    private static void without(Set<Rule> rules, boolean mustBreak, int limit) {
        Set<Rule> off = EnumSet.copyOf(ALTERNATIVES);
        off.addAll(rules);
        int unfinished = 0;
        List<Scenario> order = new ArrayList<>(ALL);
        order.sort(Comparator.comparing(s -> s.shows.containsAll(rules) ? 0 : 1));
        for (Scenario s : order) {
            Explorer.Result r = new Explorer(new Model(s, off), limit).run();
            if (r.broken() != null) {
                System.out.println("  " + rules + ": " + s.name + ": " + r.broken() + "\n      " + String.join(" ", r.trace()));
                asExpected &= mustBreak;
                return;
            }
            if (!r.complete()) unfinished++;
        }
        System.out.println("  " + rules + ": nothing found" + (unfinished == 0 ? "" : " (" + unfinished + " scenarios cut short)"));
        asExpected &= !mustBreak;
    }
}
