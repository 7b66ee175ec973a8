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
        try {
            LilioConfig config = ConfigFiles.load();
            NodeSettings settings = SettingsReader.read(config);
            MemoryCheck.check(settings, MemoryCheck.Available.toThisProcess());
            PortCheck.check(
                    "lilio.management", config.management().host(), config.management().port());
            PortCheck.check("lilio.admin", config.admin().host(), config.admin().port());
            if (Boolean.parseBoolean(config.log().access().strip())) {
                System.setProperty("quarkus.log.category.\"io.lilio.access\".level", "DEBUG");
            }
            if (config.log().format().strip().toLowerCase(Locale.ROOT).equals("json")) {
                System.setProperty("quarkus.log.console.json.enabled", "true");
            }
        } catch (InvalidSettingException invalid) {
            refuse(invalid.sentence());
            System.exit(1);
        }
        Quarkus.run(LilioProcess.class, arguments);
    }

    /** Says why there is no server. */
    static void refuse(String sentence) {
        System.err.println("Lilio does not start: " + sentence);
    }
}
