package io.lilio.bench.profile;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * Has async-profiler look at a JVM while it works: samples of processor time, with the kernel's
 * stacks where {@code kernel.perf_event_paranoid} lets it see them. The agent comes with Maven's
 * other artifacts, and is loaded into the JVM that is named, this one or another of the same user.
 * Not thread-safe.
 */
public final class Profiler {

    private static final String INTERVAL = "1ms";

    private final Path directory;

    /**
     * @param directory where the agent and the stacks that it saw are laid down
     */
    public Profiler(Path directory) {
        this.directory = directory;
    }

    /**
     * What was seen.
     *
     * @param shares of processor time
     * @param waitingForDisk threads, on average
     */
    record Seen(Shares shares, double waitingForDisk) {}

    /** What is looked at. */
    @FunctionalInterface
    public interface Work {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Has work done and tells where the processor time of a JVM went meanwhile, and how many of its
     * threads waited for a disk.
     *
     * @param pid of a JVM, or of this one when {@code jdk.attach.allowAttachSelf} is set
     * @param row names the file of stacks
     * @throws IOException when the agent cannot be loaded there, or from the work
     */
    Seen watch(long pid, String row, Work work) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path agent = layDownAgent();
        Path stacks = directory.resolve(row.replaceAll("[^A-Za-z0-9]+", "-") + ".stacks");
        Files.deleteIfExists(stacks);
        command(pid, agent, "start,quiet,event=cpu,interval=" + INTERVAL);
        DiskWaits waits = DiskWaits.begin(pid);
        double waiting;
        try {
            work.run();
        } finally {
            waiting = waits.end();
            command(pid, agent, "stop,quiet,collapsed,file=" + stacks.toAbsolutePath());
        }
        return new Seen(Shares.of(Files.readAllLines(stacks)), waiting);
    }

    private static void command(long pid, Path agent, String options) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
            try {
                machine.loadAgentPath(agent.toAbsolutePath().toString(), options);
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException
                | AgentLoadException
                | AgentInitializationException e) {
            throw new IOException("async-profiler in process " + pid + ": " + options, e);
        }
    }

    private Path layDownAgent() throws IOException {
        String library = platform() + "/libasyncProfiler.so";
        Path agent = directory.resolve("libasyncProfiler.so");
        try (InputStream in = ClassLoader.getSystemResourceAsStream(library)) {
            if (in == null) {
                throw new FileNotFoundException("async-profiler has no " + library);
            }
            if (!Files.exists(agent)) {
                Path part = directory.resolve("libasyncProfiler.part");
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
                Files.move(part, agent, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return agent;
    }

    private static String platform() {
        if (System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")) {
            return "macos";
        }
        return System.getProperty("os.arch").equals("aarch64") ? "linux-arm64" : "linux-x64";
    }
}
