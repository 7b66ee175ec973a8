import java.util.Arrays;
import java.util.Set;

/**
 * The chunk and commit protocol of DESIGN.md (sections 4 to 9) for one partition and one chunk per blob, explored
 * breadth first, exhaustively within the bounds of a {@link Scenario}. A state is one byte array; revisions are
 * replaced by their rank, so that an idle cluster comes back to the same state.
 */
final class Model {

    /** IDLE: not begun. ROLLED: the client was told "no". FAILED: the client was told "unknown" (503). */
    static final int IDLE = 0, OPEN = 1, COMMITTING = 2, UNKNOWN = 3, BUMPED = 4, ACKED = 5, FAILED = 6, ROLLED = 7;
    static final int OK = 1, CONFLICT = 2, DEAD = 3;                       // answers of a transaction
    static final int HEAD_MOVED = 1, FENCE_MOVED = 2, COMMITTED = 4, RETRIED = 8, LANDED = 16; // flags of a request
    static final int RECORD = 1, SWEEPING = 2;                             // trash

    enum Act {
        open, deliverPut, losePut, abort, sendCommit, applyCommit, loseCommit, answer, answer412, timeout, bumpFence,
        giveUpWithoutFence, resolve, rollbackDelete, confirmEarly, publishMark, expire, recreate, readBegin,
        readRegister, readEnd, delete, sweepBegin, sweepDelete, sweepEnd, ringChange, closeEpoch, learnRing, restart,
        moverStart, moverList, moverSkip, moverSend, moverStat, moverDeleteSource, settle, moverStop, drop,
        orphanDelete, confirm, repairSend, repairDeliver, diskLoss, gcMarks, gcList, gcHeads, gcVersions, gcTrash, gcDelete,
        gcEnd, deleteVersion, gcWait, readAgain, removeMember, lookUp, refuse, deliverAgain, writerConfirm,
        leaveUnconfirmed, confirmDeliver, healBegin, healMove, healStat, healRead, healPut, healConfirm, healEnd,
        forgetTable, loseSome, refillBegin, refillWalk, refillEnd
    }

    final Scenario c;
    final Set<Rule> off;

    // layout
    final int REV = 0, EPOCH = 1, OPENS = 2, SETTLED = 3, SREV = 4, LOST = 5, NEXP = 6, NDEL = 7, NLOSS = 8, NRST = 9,
            NGC = 10, GPH = 11, GCAND = 12, GLIVE = 13, GREV = 14, HEAD = 15, VERS = 16, NUNK = 17, GONE = 18,
            OLDEST = 19, NDUP = 20, NSOME = 21, REF = 22, RPH = 23, RMASK = 24, RREV = 25, HEAD_LEN = 26;
    final int ses, mem, blob, rd, mv, he, len;
    static final int SALIVE = 0, SINC = 1, SMARK = 2, SGC = 3, SLEN = 4;
    static final int ST = 0, EP = 1, BINC = 2, BEG = 3, ACK = 4, NET = 5, RES = 6, OLD = 7, FL = 8, HAVE = 9, UNC = 10,
            WM = 11, RM = 12, TR = 13, TRREV = 14, LOOK = 15, SW = 16, DEL = 17, DUP = 18, CNF = 19, CEP = 20, PR = 21, BLEN = 22;
    static final int STRAGGLING = 1, COMPLETE = 2;                        // PR: what the writer has yet to confirm
    static final int RST = 0, RBL = 1, RBEG = 2, RINC = 3, RK = 4, RTRY = 5, RLEN = 6;
    static final int MT = 0, MLIST = 1, MSEEN = 2, MVER = 3;
    static final int HT = 0, HB = 1, HINC = 2, HBEG = 3, HEP = 4, HK = 5, HVER = 6, HSRC = 7, HLEN = 8;
    final int mlen;

    Model(Scenario c, Set<Rule> off) {
        this.c = c;
        this.off = off;
        ses = HEAD_LEN;
        mem = ses + c.sessions * SLEN;
        blob = mem + c.members;
        rd = blob + c.blobs() * BLEN;
        mlen = MVER + c.blobs();
        mv = rd + c.readers.length * RLEN;
        he = mv + c.movers * mlen;
        len = he + c.healers.length * HLEN;
    }

    boolean on(Rule r) {
        return !off.contains(r);
    }

    byte[] initial() {
        byte[] s = new byte[len];
        s[REV] = 1;
        s[EPOCH] = 1;
        s[OPENS] = 1 << 1;
        s[SETTLED] = 1;
        s[NEXP] = (byte) c.expiries;
        s[NDEL] = (byte) c.deletes;
        s[NLOSS] = (byte) c.diskLosses;
        s[NRST] = (byte) c.restarts;
        s[NGC] = (byte) c.gcRuns;
        s[NUNK] = (byte) c.unknowns;
        s[OLDEST] = 1;
        s[NDUP] = (byte) c.doubles;
        s[NSOME] = (byte) c.partialLosses;
        for (int i = 0; i < c.sessions; i++) {
            s[ses + i * SLEN + SALIVE] = 1;
            s[ses + i * SLEN + SINC] = 1;
            s[ses + i * SLEN + SMARK] = 1;
        }
        for (int m = 0; m < c.members; m++) s[mem + m] = 1;
        if (c.startWithObject) { // blob 0 is already committed and on all slots, or on those that the scenario names
            int b = blob;
            s[b + ST] = ACKED;
            s[b + EP] = 1;
            s[b + BINC] = 1;
            s[b + BEG] = 1;
            s[b + FL] = COMMITTED;
            s[b + HAVE] = (byte) (c.tables[1] & c.startAt);
            s[HEAD] = 1;
        }
        return canon(s);
    }

    // ---- small readers of a state

    int B(byte[] s, int b, int f) { return s[blob + b * BLEN + f]; }
    void setB(byte[] s, int b, int f, int v) { s[blob + b * BLEN + f] = (byte) v; }
    int S(byte[] s, int i, int f) { return s[ses + i * SLEN + f]; }
    void setS(byte[] s, int i, int f, int v) { s[ses + i * SLEN + f] = (byte) v; }
    int Rd(byte[] s, int q, int f) { return s[rd + q * RLEN + f]; }
    void setRd(byte[] s, int q, int f, int v) { s[rd + q * RLEN + f] = (byte) v; }
    int V(byte[] s, int v, int f) { return s[mv + v * mlen + f]; }
    void setV(byte[] s, int v, int f, int x) { s[mv + v * mlen + f] = (byte) x; }
    int H(byte[] s, int h, int f) { return s[he + h * HLEN + f]; }
    void setH(byte[] s, int h, int f, int x) { s[he + h * HLEN + f] = (byte) x; }
    static int bits(int x) { return Integer.bitCount(x); }

    boolean owned(byte[] s, int b) { return s[HEAD] == b + 1 || (s[VERS] >> b & 1) != 0; }
    boolean trashed(byte[] s, int b) { return B(s, b, TR) != 0; }
    boolean sessionLives(byte[] s, int i, int inc) { return S(s, i, SALIVE) == 1 && S(s, i, SINC) == inc; }
    int slots(byte[] s, int b) { return c.tables[Math.max(B(s, b, EP), s[SETTLED])]; }
    boolean everywhere(byte[] s, int b) { return B(s, b, ACK) == c.tables[B(s, b, EP)]; }
    boolean opened(byte[] s, int b) { return B(s, b, ST) != IDLE; }
    void know(byte[] s, int m, int epoch) { if (on(Rule.RPC_CARRIES_EPOCH)) s[mem + m] = (byte) Math.max(s[mem + m], epoch); }

    boolean allLiveMarksPassed(byte[] s, int rev) {
        for (int i = 0; i < c.sessions; i++) if (S(s, i, SALIVE) == 1 && S(s, i, SMARK) <= rev) return false;
        return true;
    }

    /** Its request can commit no more: its session is dead or the session's mark has passed its opening. */
    boolean settledForWriting(byte[] s, int b) {
        int i = c.coordinator[b];
        if (!sessionLives(s, i, B(s, b, BINC))) return true;
        return on(Rule.PASSED_IS_STRICT) ? S(s, i, SMARK) > B(s, b, BEG) : S(s, i, SMARK) >= B(s, b, BEG);
    }

    /** No R members can agree that it is not there, and at least one has it. */
    boolean readable(byte[] s, int b) { return readableIn(s, b, slots(s, b)); }

    /** What a member lacks that lost some and was not refilled says nothing; nor does one that lost all. */
    boolean readableIn(byte[] s, int b, int table) {
        int t = table & ~s[LOST], have = B(s, b, HAVE) & t;
        return have != 0 && bits(t & ~s[REF] & ~have) < c.readQuorum;
    }

    boolean readerFinds(byte[] s, int q) {
        int b = Rd(s, q, RBL);
        return readableIn(s, b, c.tables[Math.max(B(s, b, EP), Rd(s, q, RK))]);
    }

    String broken(byte[] s) {
        for (int b = 0; b < c.blobs(); b++) {
            boolean committed = (B(s, b, FL) & COMMITTED) != 0;
            if (owned(s, b) && !readable(s, b)) return "blob " + b + " is live and cannot be read";
            if (B(s, b, ST) == ACKED && !committed) return "blob " + b + " was acknowledged and is not committed";
            if (B(s, b, ST) == ROLLED && committed) return "blob " + b + ": the client was told no, and it is committed";
        }
        for (int q = 0; q < c.readers.length; q++) {
            int st = Rd(s, q, RST);
            if ((st == 1 || st == 2) && sessionLives(s, c.readers[q], Rd(s, q, RINC)) && !readable(s, Rd(s, q, RBL)))
                return "reader " + q + " of a live session can no longer read blob " + Rd(s, q, RBL);
            if (st == 2 && Rd(s, q, RTRY) == 1 && sessionLives(s, c.readers[q], Rd(s, q, RINC)) && !readerFinds(s, q))
                return "reader " + q + " looked again once and still finds nothing (503)";
        }
        if (s[GONE] != 0) for (int e = s[SETTLED]; e <= s[EPOCH]; e++)
            if ((c.tables[e] & 1) != 0) return "member 0 was removed as drained and table " + e + " needs it";
        return null;
    }

    /** What must hold when nothing is in flight and no background work is left to do. */
    String unclean(byte[] s) {
        if (c.movers > 0 && s[SETTLED] != s[EPOCH]) return "quiet, but the ring change never settles";
        if (s[REF] != 0) return "quiet, but a member that lost some is never refilled";
        for (int b = 0; b < c.blobs(); b++) {
            int up = ~s[LOST], have = B(s, b, HAVE);
            if (owned(s, b)) {
                if ((slots(s, b) & up & ~have) != 0) return "quiet, but blob " + b + " lacks a copy at a slot";
                if ((have & ~slots(s, b)) != 0) return "quiet, but blob " + b + " has a copy outside its slots";
            } else if (have != 0) return "quiet, but blob " + b + " is an orphan that only a full walk finds";
            if (trashed(s, b)) return "quiet, but the trash record of blob " + b + " stays";
        }
        return null;
    }

    boolean inFlight(byte[] s) {
        for (int b = 0; b < c.blobs(); b++) {
            int st = B(s, b, ST);
            if (st >= OPEN && st <= BUMPED || B(s, b, NET) != 0 || B(s, b, PR) != 0) return true;
            if ((B(s, b, WM) | B(s, b, RM) | B(s, b, DUP) | B(s, b, CNF)) != 0) return true;
        }
        for (int h = 0; h < c.healers.length; h++) if (H(s, h, HT) == 1) return true;
        for (int q = 0; q < c.readers.length; q++) if (Rd(s, q, RST) == 1 || Rd(s, q, RST) == 2) return true;
        return false;
    }

    // ---- successors

    interface Sink { void accept(byte[] next, int action); }
    Sink sink;
    byte[] cur;
    boolean progress; // the current action is background work that a fair scheduler takes in the end
    boolean anyProgress;

    void emit(byte[] n, Act a, int x, int y) {
        canon(n);
        if (progress && !anyProgress && !Arrays.equals(n, cur)) anyProgress = true;
        sink.accept(n, a.ordinal() << 8 | x << 4 | y);
    }

    byte[] copy() { return cur.clone(); }

    void expand(byte[] s, Sink k) {
        cur = s;
        sink = k;
        anyProgress = false;
        clientActions(s);
        sessionActions(s);
        readerActions(s);
        trashActions(s);
        ringActions(s);
        for (int v = 0; v < c.movers; v++) moverActions(s, v);
        memberActions(s);
        for (int h = 0; h < c.healers.length; h++) healActions(s, h);
        if (c.partialLosses > 0) refillActions(s);
        if (c.gcRuns > 0) gcActions(s);
    }

    void clientActions(byte[] s) {
        for (int b = 0; b < c.blobs(); b++) {
            int co = c.coordinator[b], st = B(s, b, ST);
            progress = false;
            if (st == IDLE && S(s, co, SALIVE) == 1 && (b == 0 || c.coordinator[b - 1] != co || opened(s, b - 1))) {
                for (int e = Math.max(1, s[EPOCH] - (c.staleCoordinator ? 1 : 0)); e <= s[EPOCH]; e++) {
                    byte[] n = copy();
                    setB(n, b, ST, OPEN);
                    setB(n, b, EP, e);
                    setB(n, b, BINC, S(s, co, SINC));
                    setB(n, b, BEG, s[REV]);
                    setB(n, b, WM, c.tables[e] & ~s[LOST]);
                    emit(n, Act.open, b, e);
                }
            }
            for (int m = 0; m < c.members; m++) {
                int bit = 1 << m;
                if ((B(s, b, WM) & bit) != 0) {
                    progress = true;
                    byte[] n = copy();
                    setB(n, b, WM, B(s, b, WM) & ~bit);
                    know(n, m, B(s, b, EP));
                    if (land(n, b, bit, true)) {
                        if (st == OPEN || st == COMMITTING && c.late || B(s, b, PR) != 0) setB(n, b, ACK, B(s, b, ACK) | bit);
                        emitDoubled(n, Act.deliverPut, b, m, b, m);
                    } else emit(n, Act.refuse, b, m);
                    progress = false;
                    if (c.putsGetLost) {
                        n = copy();
                        setB(n, b, WM, B(s, b, WM) & ~bit);
                        emit(n, Act.losePut, b, m);
                    }
                }
                if (st == ROLLED && (B(s, b, HAVE) & bit & c.tables[B(s, b, EP)]) != 0) {
                    byte[] n = copy();
                    delete(n, b, bit);
                    emit(n, Act.rollbackDelete, b, m);
                }
            }
            if (st == OPEN) {
                byte[] n = copy();
                setB(n, b, ST, ROLLED);
                emit(n, Act.abort, b, 0);
                int need = on(Rule.ACK_AT_W) ? c.writeQuorum : c.writeQuorum - 1;
                if (bits(B(s, b, ACK)) >= need) {
                    n = copy();
                    setB(n, b, ST, COMMITTING);
                    setB(n, b, NET, 1);
                    setB(n, b, OLD, s[HEAD]);
                    setB(n, b, FL, B(s, b, FL) & ~(HEAD_MOVED | FENCE_MOVED) | (c.late && everywhere(s, b) ? LANDED : 0));
                    emit(n, Act.sendCommit, b, 0);
                }
                if (!on(Rule.CONFIRM_AFTER_COMMIT) && B(s, b, ACK) == c.tables[B(s, b, EP)] && B(s, b, UNC) != 0) {
                    n = copy();
                    setB(n, b, UNC, 0);
                    emit(n, Act.confirmEarly, b, 0);
                }
            }
            if (B(s, b, NET) == 1) {
                progress = true;
                applyCommit(s, b);
                progress = false;
                if (c.unknowns > 0) {
                    byte[] n = copy();
                    setB(n, b, NET, 0);
                    emit(n, Act.loseCommit, b, 0);
                }
            }
            if (st == COMMITTING) {
                int res = B(s, b, RES);
                if (res != 0) {
                    byte[] n = copy();
                    setB(n, b, RES, 0);
                    setB(n, b, ST, res == OK ? ACKED : res == CONFLICT ? OPEN : ROLLED);
                    boolean complete = on(Rule.LANDED_BEFORE_COMMIT) ? (B(s, b, FL) & LANDED) != 0 : everywhere(s, b);
                    if (res == OK && c.late) setB(n, b, PR, complete ? COMPLETE : STRAGGLING);
                    emit(n, Act.answer, b, res);
                    if (res == CONFLICT) {
                        n = copy();
                        setB(n, b, RES, 0);
                        setB(n, b, ST, ROLLED);
                        emit(n, Act.answer412, b, res);
                    }
                }
                if (s[NUNK] > 0) {
                    byte[] n = copy();
                    setB(n, b, RES, 0);
                    setB(n, b, ST, UNKNOWN);
                    n[NUNK]--;
                    emit(n, Act.timeout, b, 0);
                }
            }
            if (st == UNKNOWN) {
                if (!on(Rule.NO_ROLLBACK_ON_UNKNOWN)) {
                    byte[] n = copy();
                    setB(n, b, ST, ROLLED);
                    emit(n, Act.abort, b, 1);
                }
                if (!on(Rule.UNKNOWN_HOLDS_MARK)) {
                    byte[] n = copy();
                    setB(n, b, ST, FAILED);
                    emit(n, Act.giveUpWithoutFence, b, 0);
                }
                byte[] n = copy();
                setB(n, b, ST, BUMPED);
                if (on(Rule.FENCE)) for (int o = 0; o < c.blobs(); o++)
                    if (c.coordinator[o] == co && B(s, o, NET) == 1) setB(n, o, FL, B(n, o, FL) | FENCE_MOVED);
                emit(n, Act.bumpFence, b, 0);
            }
            if (st == BUMPED) {
                boolean stillOld = B(s, b, OLD) == 0
                        ? !on(Rule.ABSENCE_PROVES_NOTHING) && s[HEAD] == 0
                        : (B(s, b, FL) & HEAD_MOVED) == 0;
                byte[] n = copy();
                setB(n, b, ST, owned(s, b) ? ACKED : stillOld ? ROLLED : FAILED);
                emit(n, Act.resolve, b, B(n, b, ST));
            }
            confirmationActions(s, b);
        }
        progress = false;
        if (s[NDEL] > 0 && s[HEAD] != 0 && !c.versioned) {
            byte[] n = copy();
            n[NDEL]--;
            n[REV]++;
            int old = s[HEAD] - 1;
            n[HEAD] = 0;
            headMoved(n, -1);
            if (on(Rule.DELETE_WRITES_TRASH)) {
                setB(n, old, TR, RECORD);
                setB(n, old, TRREV, n[REV]);
            }
            emit(n, Act.delete, old, 0);
        }
        if (s[NDEL] > 0 && s[HEAD] != 0 && c.versioned && s[VERS] != 0) {
            byte[] n = copy();
            n[NDEL]--;
            n[REV]++;
            int old = s[HEAD] - 1, top = 31 - Integer.numberOfLeadingZeros(s[VERS]);
            headMoved(n, -1);
            setB(n, old, TR, RECORD);
            setB(n, old, TRREV, n[REV]);
            n[HEAD] = 0; // the head becomes a summary of a record that stays among the versions ...
            if (!on(Rule.MANIFEST_NEVER_MOVES_TO_HEAD)) { // ... or the manifest itself moves
                n[HEAD] = (byte) (top + 1);
                n[VERS] &= (byte) ~(1 << top);
            }
            emit(n, Act.deleteVersion, old, top);
        }
    }

    /** What the writer confirms when all slots have acknowledged, and what is on its way. */
    void confirmationActions(byte[] s, int b) {
        progress = true;
        if (B(s, b, PR) != 0) {
            boolean asks = B(s, b, PR) == STRAGGLING && on(Rule.STRAGGLERS_ASK_SESSION);
            boolean lives = !asks || sessionLives(s, c.coordinator[b], B(s, b, BINC));
            if (everywhere(s, b) && B(s, b, CNF) == 0 && lives) {
                byte[] n = copy();
                setB(n, b, PR, 0);
                sendConfirmation(n, b, c.tables[B(s, b, EP)], B(s, b, EP));
                emit(n, Act.writerConfirm, b, 0);
            }
            byte[] n = copy();
            setB(n, b, PR, 0);
            emit(n, Act.leaveUnconfirmed, b, 0);
        }
        for (int m = 0; m < c.members; m++) {
            int bit = 1 << m;
            if ((B(s, b, CNF) & bit) != 0) {
                byte[] n = copy();
                setB(n, b, CNF, B(s, b, CNF) & ~bit);
                know(n, m, B(s, b, CEP));
                if (n[mem + m] <= B(s, b, CEP) || !on(Rule.CONFIRM_UNDER_ITS_RING)) setB(n, b, UNC, B(s, b, UNC) & ~bit);
                emit(n, Act.confirmDeliver, b, m);
            }
            if ((B(s, b, DUP) & bit) != 0) {
                byte[] n = copy();
                setB(n, b, DUP, B(s, b, DUP) & ~bit);
                know(n, m, B(s, b, EP));
                emit(n, land(n, b, bit, true) ? Act.deliverAgain : Act.refuse, b, m);
            }
        }
        progress = false;
    }

    void sendConfirmation(byte[] n, int b, int members, int epoch) {
        setB(n, b, CNF, members & ~n[LOST]);
        setB(n, b, CEP, epoch);
    }

    /** Stores a copy, unless the member was told to delete it a moment ago. What is there already keeps its mark or none. */
    boolean land(byte[] n, int b, int bit, boolean marked) {
        if (on(Rule.DELETED_STAYS_DELETED) && (B(n, b, DEL) & bit) != 0) return false;
        if ((B(n, b, HAVE) & bit) == 0 && marked) setB(n, b, UNC, B(n, b, UNC) | bit);
        setB(n, b, HAVE, B(n, b, HAVE) | bit);
        return true;
    }

    /** A copy by repair or a mover. Where confirmations are late it lands at once, and only a healer's comes late. */
    void send(byte[] n, int b, int m, int epoch) {
        if (!c.late) setB(n, b, RM, B(n, b, RM) | 1 << m);
        else {
            know(n, m, epoch);
            land(n, b, 1 << m, on(Rule.COPIES_ARE_UNCONFIRMED));
        }
    }

    /** The put that has landed may come once more, later. */
    void emitDoubled(byte[] n, Act a, int x, int y, int b, int m) {
        if (n[NDUP] > 0) {
            byte[] d = n.clone();
            d[NDUP]--;
            setB(d, b, DUP, B(d, b, DUP) | 1 << m);
            emit(d, a, x, y);
        }
        emit(n, a, x, y);
    }

    void headMoved(byte[] n, int except) {
        for (int o = 0; o < c.blobs(); o++)
            if (o != except && (B(n, o, NET) == 1 || B(n, o, ST) == UNKNOWN || B(n, o, ST) == BUMPED || B(n, o, ST) == COMMITTING))
                setB(n, o, FL, B(n, o, FL) | HEAD_MOVED);
    }

    void applyCommit(byte[] s, int b) {
        int co = c.coordinator[b], old = B(s, b, OLD), fl = B(s, b, FL);
        boolean alive = !on(Rule.COMPARE_INCARNATION) || sessionLives(s, co, B(s, b, BINC));
        boolean open = !on(Rule.COMPARE_EPOCH_OPEN) || (s[OPENS] >> B(s, b, EP) & 1) != 0;
        boolean fence = (fl & FENCE_MOVED) == 0;
        boolean head = !on(Rule.COMPARE_HEAD)
                || (old == 0 ? s[HEAD] == 0 && (!on(Rule.HEAD_TOMBSTONE) || (fl & HEAD_MOVED) == 0) : (fl & HEAD_MOVED) == 0);
        byte[] n = copy();
        setB(n, b, NET, 0);
        int res = !alive || !open ? DEAD : !fence || !head ? CONFLICT : OK;
        if (res == OK) {
            n[REV]++;
            headMoved(n, -1);
            setB(n, b, FL, B(n, b, FL) | COMMITTED);
            n[HEAD] = (byte) (b + 1);
            if (old != 0 && old != b + 1) {
                if (c.versioned) n[VERS] |= (byte) (1 << (old - 1));
                else if (B(n, old - 1, TR) == 0) {
                    setB(n, old - 1, TR, RECORD);
                    setB(n, old - 1, TRREV, n[REV]);
                }
            }
            if (!on(Rule.NO_TRANSPORT_RETRY) && (fl & RETRIED) == 0) {
                byte[] r = n.clone();
                setB(r, b, NET, 1);
                setB(r, b, FL, B(r, b, FL) | RETRIED);
                emit(r, Act.applyCommit, b, 9);
            }
        }
        if (B(s, b, ST) == COMMITTING) setB(n, b, RES, res);
        emit(n, Act.applyCommit, b, res);
    }

    void removeCopy(byte[] n, int b, int bit) {
        setB(n, b, HAVE, B(n, b, HAVE) & ~bit);
        setB(n, b, UNC, B(n, b, UNC) & ~bit);
    }

    /** By name and for good, which the member remembers for a while. */
    void delete(byte[] n, int b, int bit) {
        removeCopy(n, b, bit);
        setB(n, b, DEL, B(n, b, DEL) | bit);
    }

    /** All that it had, and what is on its way to it. */
    void lose(byte[] n, int bit) {
        n[LOST] |= (byte) bit;
        n[REF] &= (byte) ~bit;
        for (int b = 0; b < c.blobs(); b++) {
            removeCopy(n, b, bit);
            for (int f : new int[] {WM, RM, DUP, CNF}) setB(n, b, f, B(n, b, f) & ~bit);
        }
    }

    void sessionActions(byte[] s) {
        for (int i = 0; i < c.sessions; i++) {
            if (S(s, i, SALIVE) == 1) {
                int min = Integer.MAX_VALUE;
                for (int b = 0; b < c.blobs(); b++) {
                    boolean open = B(s, b, ST) >= OPEN && B(s, b, ST) <= BUMPED
                            || B(s, b, PR) == STRAGGLING && on(Rule.LATE_COPIES_HOLD_MARK);
                    if (c.coordinator[b] == i && open && B(s, b, BINC) == S(s, i, SINC)) min = Math.min(min, B(s, b, BEG));
                }
                for (int h = 0; h < c.healers.length; h++)
                    if (c.healers[h] == i && H(s, h, HT) == 1 && H(s, h, HINC) == S(s, i, SINC))
                        min = Math.min(min, H(s, h, HBEG));
                for (int q = 0; q < c.readers.length; q++)
                    if (c.readers[q] == i && Rd(s, q, RST) == 2 && Rd(s, q, RINC) == S(s, i, SINC))
                        min = Math.min(min, Rd(s, q, RBEG));
                byte[] n = copy();
                if (min == Integer.MAX_VALUE) min = ++n[REV];
                setS(n, i, SMARK, Math.max(S(s, i, SMARK), min));
                progress = true;
                emit(n, Act.publishMark, i, 0);
                progress = false;
                if (s[NEXP] > 0) {
                    n = copy();
                    n[NEXP]--;
                    setS(n, i, SALIVE, 0);
                    emit(n, Act.expire, i, 0);
                }
            } else {
                byte[] n = copy();
                setS(n, i, SALIVE, 1);
                setS(n, i, SINC, S(s, i, SINC) + 1);
                setS(n, i, SMARK, on(Rule.SESSION_BORN_WITH_MARK) ? s[REV] : 100);
                progress = false;
                emit(n, Act.recreate, i, 0);
            }
        }
    }

    void readerActions(byte[] s) {
        progress = false;
        for (int q = 0; q < c.readers.length; q++) {
            int i = c.readers[q], st = Rd(s, q, RST);
            if (st == 0 && S(s, i, SALIVE) == 1 && s[HEAD] != 0) {
                byte[] n = copy();
                setRd(n, q, RST, on(Rule.REGISTER_BEFORE_READ) ? 2 : 1);
                setRd(n, q, RBL, s[HEAD] - 1);
                setRd(n, q, RBEG, s[REV]);
                setRd(n, q, RINC, S(s, i, SINC));
                setRd(n, q, RK, s[SETTLED]);
                emit(n, Act.readBegin, q, s[HEAD] - 1);
            }
            if (st == 1) {
                byte[] n = copy();
                setRd(n, q, RST, 2);
                emit(n, Act.readRegister, q, 0);
            }
            if (st == 2) {
                byte[] n = copy();
                setRd(n, q, RST, 3);
                setRd(n, q, RBL, 0);
                setRd(n, q, RBEG, 0);
                setRd(n, q, RINC, 0);
                setRd(n, q, RK, 0);
                setRd(n, q, RTRY, 0);
                emit(n, Act.readEnd, q, 0);
                if (Rd(s, q, RTRY) == 0 && !readerFinds(s, q)) {
                    n = copy();
                    setRd(n, q, RK, s[SETTLED]);
                    setRd(n, q, RTRY, 1);
                    emit(n, Act.readAgain, q, 0);
                }
            }
        }
    }

    void trashActions(byte[] s) {
        progress = true;
        for (int b = 0; b < c.blobs(); b++) {
            if (B(s, b, TR) == RECORD && (!on(Rule.TRASH_WAITS_FOR_MARKS) || allLiveMarksPassed(s, B(s, b, TRREV)))) {
                byte[] n = copy();
                setB(n, b, TR, SWEEPING);
                emit(n, Act.sweepBegin, b, 0);
            }
            if (B(s, b, TR) == SWEEPING) {
                boolean all = on(Rule.SWEEP_ALL_TABLES);
                int where = 0, belongs = Math.max(s[SETTLED], B(s, b, EP));
                for (int e = all ? Math.max(s[OLDEST], Math.min(s[SETTLED], B(s, b, EP))) : belongs; e <= (all ? s[EPOCH] : belongs); e++)
                    where |= c.tables[e];
                where &= c.late ? ~s[LOST] & ~B(s, b, SW) : B(s, b, HAVE); // each is asked once, or again until nothing is there
                for (int m = 0; m < c.members; m++) if ((where >> m & 1) != 0) {
                    byte[] n = copy();
                    delete(n, b, 1 << m);
                    if (c.late) setB(n, b, SW, B(s, b, SW) | 1 << m);
                    emit(n, Act.sweepDelete, b, m);
                }
                if (where == 0) {
                    byte[] n = copy();
                    setB(n, b, TR, 0);
                    emit(n, Act.sweepEnd, b, 0);
                }
            }
        }
    }

    void ringActions(byte[] s) {
        progress = false;
        if (c.drains && s[GONE] == 0 && s[SETTLED] >= 2) { // epoch 2 drains member 0
            int needed = 0;
            for (int e = s[SETTLED]; e <= s[EPOCH]; e++) needed |= c.tables[e];
            if ((needed & 1) == 0 || !on(Rule.REMOVE_LOOKS_AT_NEWER_RINGS)) {
                byte[] n = copy();
                n[GONE] = 1;
                lose(n, 1);
                emit(n, Act.removeMember, 0, 0);
            }
        }
        if (s[EPOCH] + 1 < c.tables.length && (s[GONE] == 0 || (c.tables[s[EPOCH] + 1] & 1) == 0)) {
            byte[] n = copy();
            n[EPOCH]++;
            n[OPENS] |= (byte) (1 << n[EPOCH]);
            n[REV]++;
            for (int b = 0; b < c.blobs(); b++) setB(n, b, SW, 0); // a sweep ends by the ring that it began by
            progress = false;
            emit(n, Act.ringChange, n[EPOCH], 0);
        }
        progress = true;
        if (c.forgets && s[OLDEST] < s[SETTLED]) forgetTable(s);
        for (int e = 1; e < s[EPOCH]; e++) if ((s[OPENS] >> e & 1) != 0) { // by watermark or by force: always possible
            byte[] n = copy();
            n[OPENS] &= (byte) ~(1 << e);
            emit(n, Act.closeEpoch, e, 0);
        }
    }

    /** The oldest table goes when no member holds anything by it that no newer one gives it; they are asked. */
    void forgetTable(byte[] s) {
        int newer = 0, held = 0;
        for (int e = s[OLDEST] + 1; e <= s[EPOCH]; e++) newer |= c.tables[e];
        for (int b = 0; b < c.blobs(); b++) held |= B(s, b, HAVE);
        int asked = c.tables[s[OLDEST]] & ~newer & ~s[LOST];
        if ((asked & held) != 0 && on(Rule.TABLES_OUTLAST_DROPS)) return;
        byte[] n = copy();
        n[OLDEST]++;
        if (on(Rule.TABLES_OUTLAST_DROPS))
            for (int m = 0; m < c.members; m++) if ((asked >> m & 1) != 0) know(n, m, s[EPOCH]);
        emit(n, Act.forgetTable, s[OLDEST], 0);
    }

    int mayHold(byte[] s, int b) { // where a source may be looked for
        return B(s, b, HAVE) & ~s[LOST];
    }

    boolean listed(byte[] s, int v) {
        int from = on(Rule.LIST_EVERY_OLDER_TABLE) ? s[SETTLED] : Math.min(s[SETTLED], V(s, v, MT) - 1), t = V(s, v, MT);
        int to = on(Rule.LIST_EVERY_OLDER_TABLE) ? t - 1 : from;
        for (int e = from; e <= to; e++) {
            int need = on(Rule.LIST_QUORUM_BY_SLOTS) ? bits(c.tables[e]) - c.writeQuorum + 1 : c.readQuorum;
            if (!on(Rule.LIST_R_HOLDERS)) need--;
            if (bits(c.tables[e] & V(s, v, MLIST)) < need) return false;
        }
        return true;
    }

    void moverActions(byte[] s, int v) {
        progress = true;
        int t = V(s, v, MT);
        if (t == 0) {
            boolean closed = (s[OPENS] & ((1 << s[EPOCH]) - 1)) == 0;
            if (s[SETTLED] < s[EPOCH] && (closed || !on(Rule.CLOSE_BEFORE_LIST))) {
                byte[] n = copy();
                setV(n, v, MT, s[EPOCH]);
                emit(n, Act.moverStart, v, s[EPOCH]);
            }
            return;
        }
        if (s[EPOCH] != t || s[SETTLED] >= t) {
            byte[] n = copy();
            stop(n, v);
            emit(n, Act.moverStop, v, 0);
            if (s[SETTLED] >= t && on(Rule.SETTLE_COMPARES_EPOCH)) return;
        }
        int older = 0;
        for (int e = Math.min(s[SETTLED], t - 1); e < t; e++) older |= c.tables[e];
        boolean done = listed(s, v);
        if (!done) for (int m = 0; m < c.members; m++) {
            if ((older & ~V(s, v, MLIST) & ~s[LOST] & 1 << m) == 0) continue;
            byte[] n = copy();
            int seen = V(s, v, MSEEN);
            for (int b = 0; b < c.blobs(); b++) if ((B(s, b, HAVE) >> m & 1) != 0 && B(s, b, EP) < t) seen |= 1 << b;
            if ((s[REF] >> m & 1) == 0 || !on(Rule.REFILLING_LISTS_NOTHING)) setV(n, v, MLIST, V(s, v, MLIST) | 1 << m);
            setV(n, v, MSEEN, seen);
            know(n, m, t);
            emit(n, Act.moverList, v, m);
        }
        if (!done) return;
        boolean all = true;
        for (int b = 0; b < c.blobs(); b++) {
            if ((V(s, v, MSEEN) >> b & 1) == 0) continue;
            boolean keep = owned(s, b) || trashed(s, b) && on(Rule.MOVER_TAKES_TRASHED);
            if (!keep && on(Rule.MOVER_READS_OWNER)) {
                byte[] n = copy();
                setV(n, v, MSEEN, V(s, v, MSEEN) & ~(1 << b));
                setV(n, v, MVER + b, 0);
                emit(n, Act.moverSkip, v, b);
                all = false;
                continue;
            }
            int ver = V(s, v, MVER + b), want = c.tables[t];
            int enough = on(Rule.EVERY_SLOT_VERIFIED) ? bits(want) : c.writeQuorum;
            if (bits(ver & want) < enough) all = false;
            for (int m = 0; m < c.members; m++) {
                int bit = 1 << m;
                if ((want & bit & ~ver) == 0) {
                    if (!on(Rule.MOVER_DELETES_NOTHING) && ver == want && (B(s, b, HAVE) & bit) != 0 && (want & bit) == 0) {
                        byte[] n = copy();
                        removeCopy(n, b, bit);
                        emit(n, Act.moverDeleteSource, b, m);
                    }
                    continue;
                }
                if ((s[LOST] & bit) != 0) continue;
                if ((B(s, b, HAVE) & bit) != 0) {
                    byte[] n = copy();
                    setV(n, v, MVER + b, ver | bit);
                    if (on(Rule.STAT_CARRIES_EPOCH)) know(n, m, t);
                    emit(n, Act.moverStat, v, b * 4 + m);
                } else if ((B(s, b, RM) & bit) == 0 && mayHold(s, b) != 0) {
                    byte[] n = copy();
                    send(n, b, m, t);
                    emit(n, Act.moverSend, v, b * 4 + m);
                }
            }
        }
        if (all && (s[EPOCH] == t && s[SETTLED] < t || !on(Rule.SETTLE_COMPARES_EPOCH))) {
            byte[] n = copy();
            n[SETTLED] = (byte) t;
            n[SREV] = ++n[REV];
            stop(n, v);
            emit(n, Act.settle, v, t);
        }
    }

    void stop(byte[] n, int v) { for (int f = 0; f < mlen; f++) setV(n, v, f, 0); }

    /** Whether member m, with what it knows, may drop the partition. */
    boolean mayDrop(byte[] s, int m) {
        if (on(Rule.DROP_WAITS_FOR_MARKS) && s[SREV] != 0 && !allLiveMarksPassed(s, s[SREV])) return false;
        for (int known = 1; known <= Math.min(s[SETTLED], s[mem + m]); known++) { // it may know an old settled
            int places = c.tables[known];
            if (on(Rule.DROP_LOOKS_AT_NEWER_RINGS)) {
                if (on(Rule.DROP_LOOKS_AT_EVERY_NEWER_RING)) for (int e = known; e <= s[mem + m]; e++) places |= c.tables[e];
                else places |= c.tables[s[mem + m]];
            }
            if ((places >> m & 1) == 0) return true;
        }
        return false;
    }

    void memberActions(byte[] s) {
        for (int m = 0; m < c.members; m++) {
            int bit = 1 << m;
            if ((s[LOST] & bit) != 0) continue;
            if (s[mem + m] < s[EPOCH]) {
                byte[] n = copy();
                n[mem + m] = s[EPOCH];
                progress = true;
                emit(n, Act.learnRing, m, 0);
            }
            if (s[NRST] > 0) {
                byte[] n = copy();
                n[NRST]--;
                n[mem + m] = on(Rule.RESTART_READS_RING) ? s[EPOCH] : 1;
                progress = false;
                emit(n, Act.restart, m, 0);
            }
            if (s[NLOSS] > 0 && (c.mayLose & bit) != 0) {
                byte[] n = copy();
                n[NLOSS]--;
                lose(n, bit);
                progress = false;
                emit(n, Act.diskLoss, m, 0);
            }
            progress = true;
            boolean drop = mayDrop(s, m);
            for (int b = 0; b < c.blobs(); b++) {
                boolean have = (B(s, b, HAVE) & bit) != 0, unconfirmed = (B(s, b, UNC) & bit) != 0;
                if (drop && have) {
                    byte[] n = copy();
                    removeCopy(n, b, bit);
                    emit(n, Act.drop, m, b);
                }
                boolean owner = owned(s, b), protectedByTrash = trashed(s, b) && on(Rule.LOOKUP_SEES_TRASH);
                boolean orphan = !owner && !protectedByTrash && (settledForWriting(s, b) || !on(Rule.ORPHAN_WAITS_FOR_MARK));
                if (unconfirmed && orphan && B(s, b, LOOK) == 0 && on(Rule.TWO_LOOKS)) {
                    byte[] n = copy();
                    setB(n, b, LOOK, s[REV]);
                    emit(n, Act.lookUp, b, m);
                }
                if (unconfirmed && orphan && (!on(Rule.TWO_LOOKS) || B(s, b, LOOK) != 0 && allLiveMarksPassed(s, B(s, b, LOOK)))) {
                    byte[] n = copy();
                    delete(n, b, bit);
                    emit(n, Act.orphanDelete, b, m);
                }
                int slots = slots(s, b) & ~s[LOST];
                if (unconfirmed && owner && (slots & bit) != 0 && (slots & ~B(s, b, HAVE)) == 0) { // nothing comes between
                    byte[] n = copy();
                    setB(n, b, UNC, B(s, b, UNC) & ~bit);
                    emit(n, Act.confirm, b, m);
                }
                boolean wanted = owner || !on(Rule.REPAIR_READS_OWNER) && opened(s, b);
                if (wanted && !have && (slots & bit) != 0 && (B(s, b, RM) & bit) == 0 && (B(s, b, HAVE) & ~s[LOST]) != 0) {
                    byte[] n = copy();
                    send(n, b, m, B(s, b, EP));
                    emit(n, Act.repairSend, b, m);
                }
                if ((B(s, b, RM) & bit) != 0) {
                    byte[] n = copy();
                    setB(n, b, RM, B(s, b, RM) & ~bit);
                    know(n, m, B(s, b, EP));
                    if (land(n, b, bit, on(Rule.COPIES_ARE_UNCONFIRMED))) emitDoubled(n, Act.repairDeliver, b, m, b, m);
                    else emit(n, Act.refuse, b, m);
                }
            }
        }
    }

    /** One chunk healed or moved step by step, under one entry of its session's in-flight set; then it is confirmed. */
    void healActions(byte[] s, int h) {
        progress = false;
        int i = c.healers[h], b = H(s, h, HB), want = c.tables[H(s, h, HK)];
        if (H(s, h, HT) == 0 && S(s, i, SALIVE) == 1) for (b = 0; b < c.blobs(); b++) {
            if (!owned(s, b)) continue;
            healBegin(s, h, b, Math.max(B(s, b, EP), s[SETTLED]), Act.healBegin);
            if (c.movers > 0 && s[SETTLED] < s[EPOCH] && B(s, b, EP) < s[EPOCH] && (s[OPENS] & ((1 << s[EPOCH]) - 1)) == 0)
                healBegin(s, h, b, s[EPOCH], Act.healMove);
        }
        if (H(s, h, HT) != 1) return;
        byte[] n = copy();
        healed(n, h);
        emit(n, Act.healEnd, h, b);
        for (int m = 0; m < c.members; m++) {
            int bit = 1 << m;
            if ((want & bit & ~H(s, h, HVER) & ~s[LOST]) == 0) continue;
            if ((B(s, b, HAVE) & bit) != 0) {
                n = copy();
                setH(n, h, HVER, H(s, h, HVER) | bit);
                know(n, m, H(s, h, HEP));
                emit(n, Act.healStat, h, m);
            } else if (H(s, h, HSRC) == 1) { // sent at any time later
                n = copy();
                know(n, m, H(s, h, HEP));
                if (land(n, b, bit, on(Rule.COPIES_ARE_UNCONFIRMED))) {
                    setH(n, h, HVER, H(s, h, HVER) | bit);
                    emitDoubled(n, Act.healPut, h, m, b, m);
                } else emit(n, Act.refuse, b, m);
            }
        }
        if (H(s, h, HSRC) == 0 && mayHold(s, b) != 0) {
            n = copy();
            setH(n, h, HSRC, 1);
            emit(n, Act.healRead, h, b);
        }
        boolean lives = !on(Rule.CONFIRM_WHILE_LIVE) || sessionLives(s, i, H(s, h, HINC));
        if ((want & ~s[LOST] & ~H(s, h, HVER)) == 0 && B(s, b, CNF) == 0 && lives
                && (H(s, h, HK) == H(s, h, HEP) || !on(Rule.CONFIRM_BY_NEWEST_TABLE))) {
            n = copy();
            sendConfirmation(n, b, want, H(s, h, HEP));
            healed(n, h);
            emit(n, Act.healConfirm, h, b);
        }
    }

    void healBegin(byte[] s, int h, int b, int table, Act a) {
        byte[] n = copy();
        setH(n, h, HT, 1);
        setH(n, h, HB, b);
        setH(n, h, HINC, S(s, c.healers[h], SINC));
        setH(n, h, HBEG, s[REV]);
        setH(n, h, HEP, s[EPOCH]);
        setH(n, h, HK, table);
        emit(n, a, h, b);
    }

    /** It has ended; each heals once. */
    void healed(byte[] n, int h) {
        for (int f = 0; f < HLEN; f++) setH(n, h, f, 0);
        setH(n, h, HT, 2);
    }

    /** A member loses some of what it has; a repair that began afterwards, and has seen everything, says that it is refilled. */
    void refillActions(byte[] s) {
        for (int m = 0; m < c.members; m++) for (int b = 0; b < c.blobs(); b++) {
            int bit = 1 << m;
            if (s[NSOME] == 0 || (c.mayLose & B(s, b, HAVE) & bit) == 0) continue;
            byte[] n = copy();
            n[NSOME]--;
            removeCopy(n, b, bit);
            n[REF] |= (byte) bit;
            n[RMASK] &= (byte) ~bit;
            for (int v = 0; v < c.movers; v++) { // it looks at losses before and after
                if (on(Rule.REFILLING_LISTS_NOTHING)) setV(n, v, MLIST, V(n, v, MLIST) & ~bit);
                for (int o = 0; o < c.blobs(); o++) setV(n, v, MVER + o, V(n, v, MVER + o) & ~bit);
            }
            progress = false;
            emit(n, Act.loseSome, m, b);
        }
        progress = true;
        byte[] n = copy();
        if (s[RPH] == 0 && s[REF] != 0) {
            n[RPH] = 1;
            n[RMASK] = s[REF];
            n[RREV] = s[REV];
            emit(n, Act.refillBegin, s[REF], 0);
        }
        if (s[RPH] == 1 && (allLiveMarksPassed(s, s[RREV]) || !on(Rule.REFILL_WAITS_FOR_MARKS))) {
            for (int b = 0; b < c.blobs(); b++) if (owned(s, b) && (slots(s, b) & ~s[LOST] & ~B(s, b, HAVE)) != 0) return;
            n[RPH] = 2;
            n[RREV] = 0;
            emit(n, Act.refillWalk, s[RMASK], 0);
        }
        if (s[RPH] == 2) {
            n[REF] &= (byte) ~s[RMASK];
            n[RPH] = 0;
            n[RMASK] = 0;
            emit(n, Act.refillEnd, s[RMASK], 0);
        }
    }

    /** Full walk: list and marks, heads, versions, trash, wait, delete. */
    void gcActions(byte[] s) {
        progress = false;
        byte[] n = copy();
        switch (s[GPH]) {
            case 0 -> {
                if (s[NGC] == 0) return;
                n[NGC]--;
                if (on(Rule.GC_SEES_TRASH) && !on(Rule.GC_READS_TRASH_LAST))
                    for (int b = 0; b < c.blobs(); b++) if (trashed(s, b)) n[GLIVE] |= (byte) (1 << b);
                if (!on(Rule.GC_LISTS_BEFORE_MARKS)) { // sessions first; what is listed later is judged by that old list
                    for (int b = 0; b < c.blobs(); b++) if (opened(s, b) && settledForWriting(s, b)) n[GCAND] |= (byte) (1 << b);
                    for (int i = 0; i < c.sessions; i++) setS(n, i, SGC, S(s, i, SALIVE) == 1 ? S(s, i, SINC) : 99);
                    n[GPH] = 1;
                    emit(n, Act.gcMarks, 0, 0);
                } else if (on(Rule.GC_MARKS_BEFORE_OWNERS)) {
                    n[GCAND] = (byte) candidates(s);
                    n[GPH] = 2;
                    emit(n, Act.gcMarks, 0, 0);
                } else {
                    n[GPH] = 2;
                    emit(n, Act.gcList, 0, 0);
                }
            }
            case 1 -> {
                int cand = s[GCAND];
                for (int b = 0; b < c.blobs(); b++)
                    if (opened(s, b) && S(s, c.coordinator[b], SGC) != B(s, b, BINC)) cand |= 1 << b;
                int have = 0;
                for (int b = 0; b < c.blobs(); b++) if (B(s, b, HAVE) != 0) have |= 1 << b;
                n[GCAND] = (byte) (cand & have);
                for (int i = 0; i < c.sessions; i++) setS(n, i, SGC, 0);
                n[GPH] = 2;
                emit(n, Act.gcList, 0, 0);
            }
            case 2 -> {
                if (on(Rule.GC_HEADS_BEFORE_VERSIONS)) { if (s[HEAD] != 0) n[GLIVE] |= (byte) (1 << s[HEAD] - 1); }
                else n[GLIVE] |= s[VERS];
                n[GPH] = 3;
                emit(n, Act.gcHeads, 0, 0);
            }
            case 3 -> {
                if (on(Rule.GC_HEADS_BEFORE_VERSIONS)) n[GLIVE] |= s[VERS];
                else if (s[HEAD] != 0) n[GLIVE] |= (byte) (1 << s[HEAD] - 1);
                n[GPH] = 4;
                emit(n, Act.gcVersions, 0, 0);
            }
            case 4 -> {
                if (on(Rule.GC_SEES_TRASH) && on(Rule.GC_READS_TRASH_LAST)) for (int b = 0; b < c.blobs(); b++) if (trashed(s, b)) n[GLIVE] |= (byte) (1 << b);
                if (!on(Rule.GC_MARKS_BEFORE_OWNERS)) n[GCAND] = (byte) candidates(s);
                n[GCAND] &= (byte) ~n[GLIVE];
                n[GLIVE] = 0;
                n[GPH] = 5;
                n[GREV] = s[REV];
                emit(n, Act.gcTrash, 0, 0);
            }
            case 5 -> {
                if (on(Rule.GC_WAITS_AFTER_WALK) && !allLiveMarksPassed(s, s[GREV])) return;
                n[GPH] = 6;
                n[GREV] = 0;
                emit(n, Act.gcWait, 0, 0);
            }
            default -> {
                for (int b = 0; b < c.blobs(); b++) if ((s[GCAND] >> b & 1) != 0)
                    for (int m = 0; m < c.members; m++) if ((B(s, b, HAVE) >> m & 1) != 0) {
                        byte[] d = copy();
                        delete(d, b, 1 << m);
                        emit(d, Act.gcDelete, b, m);
                    }
                n[GPH] = 0;
                n[GCAND] = 0;
                emit(n, Act.gcEnd, 0, 0);
            }
        }
    }

    int candidates(byte[] s) {
        int cand = 0;
        for (int b = 0; b < c.blobs(); b++)
            if (opened(s, b) && B(s, b, HAVE) != 0 && (settledForWriting(s, b) || !on(Rule.ORPHAN_WAITS_FOR_MARK))) cand |= 1 << b;
        return cand;
    }

    // ---- canonical form: forget what no rule can ask any more; revisions become ranks

    byte[] canon(byte[] s) {
        for (int b = 0; b < c.blobs(); b++) {
            int st = B(s, b, ST);
            if (st > COMMITTING && B(s, b, PR) == 0) setB(s, b, ACK, 0);
            if (B(s, b, TR) != RECORD) setB(s, b, TRREV, 0);
            if (B(s, b, TR) != SWEEPING) setB(s, b, SW, 0);
            setB(s, b, DEL, B(s, b, DEL) & (B(s, b, DUP) | B(s, b, CNF))); // remembered while these may be on their way
            if (B(s, b, CNF) == 0) setB(s, b, CEP, 0);
            if (owned(s, b) || B(s, b, HAVE) == 0) setB(s, b, LOOK, 0);
            if (st >= ACKED && B(s, b, NET) == 0) {
                setB(s, b, OLD, 0);
                setB(s, b, FL, B(s, b, FL) & COMMITTED);
                if ((B(s, b, HAVE) | B(s, b, WM) | B(s, b, RM) | B(s, b, DUP) | B(s, b, PR)) == 0 && !owned(s, b)) {
                    setB(s, b, BEG, 0);
                    setB(s, b, BINC, 0);
                }
            }
            if (st == OPEN) setB(s, b, FL, B(s, b, FL) & (COMMITTED | RETRIED));
        }
        if (s[SREV] != 0 && allLiveMarksPassed(s, s[SREV])) s[SREV] = 0;
        long used = 0;
        int max = s[REV];
        for (int i = 0; i < c.sessions; i++) if (S(s, i, SALIVE) == 0) setS(s, i, SMARK, 0);
        used |= 1L << s[REV] | 1L << s[SREV] | 1L << s[GREV] | 1L << s[RREV];
        for (int h = 0; h < c.healers.length; h++) used |= 1L << H(s, h, HBEG);
        for (int i = 0; i < c.sessions; i++) if (S(s, i, SMARK) < 60) used |= 1L << S(s, i, SMARK);
        for (int b = 0; b < c.blobs(); b++) used |= 1L << B(s, b, BEG) | 1L << B(s, b, TRREV) | 1L << B(s, b, LOOK);
        for (int q = 0; q < c.readers.length; q++) used |= 1L << Rd(s, q, RBEG);
        used &= ~1L;
        s[REV] = rank(used, s[REV]);
        s[SREV] = rank(used, s[SREV]);
        s[GREV] = rank(used, s[GREV]);
        s[RREV] = rank(used, s[RREV]);
        for (int h = 0; h < c.healers.length; h++) setH(s, h, HBEG, rank(used, H(s, h, HBEG)));
        for (int i = 0; i < c.sessions; i++) if (S(s, i, SMARK) < 60) setS(s, i, SMARK, rank(used, S(s, i, SMARK)));
        for (int b = 0; b < c.blobs(); b++) {
            setB(s, b, BEG, rank(used, B(s, b, BEG)));
            setB(s, b, TRREV, rank(used, B(s, b, TRREV)));
            setB(s, b, LOOK, rank(used, B(s, b, LOOK)));
        }
        for (int q = 0; q < c.readers.length; q++) setRd(s, q, RBEG, rank(used, Rd(s, q, RBEG)));
        return s;
    }

    static byte rank(long used, int v) { return v == 0 ? 0 : (byte) Long.bitCount(used & ((2L << v) - 1)); }
}
