namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>Our shim is where daemons look for it, runs, and is of this version.</summary>
internal sealed class ShimCheck : ICheck
{
    private const string Program = "containerd-shim-shimstack-v2";

    public string Name => "shim";

    public Finding Look(Patient patient)
    {
        if (patient.Find(Program) is not string path)
        {
            return Finding.Failure(
                $"there is no {Program} in {patient.SearchPath}, so io.containerd.shimstack.v2 is not known",
                "./build.sh install, or name its path in [runtimes] of the daemon's configuration");
        }

        ProgramRun? run = patient.Run(path, ["-v"]);
        string? version = run is { Status: 0 } ? VersionIn(run.Output) : null;
        return version is null ? Finding.Failure(
            $"{path} does not run: {run?.Output.Split('\n')[0] ?? "it cannot be executed"}",
            "./build.sh install")
            : version == patient.Version ? Finding.Ok($"{path} ({version})")
            : Finding.Warning($"{path} is of version {version}, and shimctl of {patient.Version}", "install both of one version");
    }

    private static string? VersionIn(string output)
    {
        const string Head = "Version:";
        return output.Split('\n', StringSplitOptions.TrimEntries).FirstOrDefault(line => line.StartsWith(Head, StringComparison.Ordinal))?[Head.Length..].Trim();
    }
}
