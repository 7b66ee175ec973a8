package io.lilio.server.bootstrap;

import io.lilio.server.bootstrap.config.ConfigFiles;
import io.lilio.server.bootstrap.config.InvalidSettingException;
import io.lilio.server.bootstrap.config.LilioConfig;
import io.lilio.server.bootstrap.config.NodeSettings;
import io.lilio.server.bootstrap.config.SettingsReader;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Locale;

/** Begins the process: looks at the configuration first, and starts nothing with a bad one. */
@QuarkusMain
public final class Main {

    private Main() {}

    public static void main(String... arguments) {
        boolean job = arguments.length > 0;
        try {
            if (job) {
                JobArguments.parse(arguments);
            }
            LilioConfig config = ConfigFiles.load();
            NodeSettings settings = SettingsReader.read(config);
            MemoryCheck.check(settings, MemoryCheck.Available.toThisProcess());
            if (job) {
                System.setProperty("quarkus.http.host-enabled", "false");
                System.setProperty("quarkus.management.host-enabled", "false");
            } else {
                PortCheck.check(
                        "lilio.management", config.management().host(), config.management().port());
                PortCheck.check("lilio.admin", config.admin().host(), config.admin().port());
            }
            if (Boolean.parseBoolean(config.log().access().strip())) {
                System.setProperty("quarkus.log.category.\"io.lilio.access\".level", "DEBUG");
            }
            if (config.log().format().strip().toLowerCase(Locale.ROOT).equals("json")) {
                System.setProperty("quarkus.log.console.json.enabled", "true");
            }
        } catch (InvalidSettingException invalid) {
            refuse(invalid.sentence());
            System.exit(1);
        } catch (JobArguments.WrongException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(JobProcess.WRONG_ARGUMENTS);
        }
        Quarkus.run(job ? JobProcess.class : LilioProcess.class, arguments);
    }

    /** Says why there is no server. */
    static void refuse(String sentence) {
        System.err.println("Lilio does not start: " + sentence);
    }
}
