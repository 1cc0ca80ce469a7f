namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>systemd, where it rules, knows shimstackd, starts it at boot, and has it running. See systemctl(1).</summary>
internal sealed class UnitCheck : ICheck
{
    private const string Unit = "shimstackd.service";

    public string Name => "systemd unit";

    public Finding Look(Patient patient)
    {
        if (!patient.Kernel.Exists("/run/systemd/system"))
        {
            return Finding.Ok("this machine is not under systemd, so something else starts shimstackd");
        }

        string[] question = ["show", Unit, "--property=LoadState,UnitFileState,ActiveState"];
        ProgramRun? run = patient.Find("systemctl") is string path ? patient.Run(path, question) : null;
        if (run is not { Status: 0 })
        {
            return Finding.Warning(
                $"systemctl does not say how {Unit} is: {run?.Output.Split('\n')[0] ?? "it is not there"}",
                $"systemctl status {Unit}");
        }

        string load = Value(run, "LoadState"), file = Value(run, "UnitFileState"), active = Value(run, "ActiveState");
        return load == "not-found" ? Finding.Warning($"systemd knows no {Unit}", "./build.sh install, systemctl daemon-reload")
            : active == "failed" ? Finding.Failure($"{Unit} has failed", $"journalctl -u {Unit}")
            : active != "active" ? Finding.Warning($"{Unit} is {active}", $"systemctl enable --now {Unit}")
            : file != "enabled" ? Finding.Warning($"{Unit} is active, and {file}: it is not there after a boot", $"systemctl enable {Unit}")
            : Finding.Ok($"{Unit} is enabled and active");
    }

    private static string Value(ProgramRun run, string name) =>
        run.Output.Split('\n').FirstOrDefault(line => line.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? "";
}
