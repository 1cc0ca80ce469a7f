namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>A runtime is there and runs.</summary>
internal sealed class RuntimeCheck : ICheck
{
    private static readonly string[] Known = ["runc", "crun"];

    public string Name => "runtimes";

    public Finding Look(Patient patient)
    {
        List<string> good = [], broken = [];
        foreach (string name in Known)
        {
            if (patient.Find(name) is string path)
            {
                if (patient.Run(path, ["--version"]) is { Status: 0 } run)
                {
                    good.Add($"{path} ({Version(run)})");
                }
                else
                {
                    broken.Add(path);
                }
            }
        }

        Verdict verdict = good.Count > 0 ? Verdict.Warning : Verdict.Failure;
        return broken.Count > 0 ? new(verdict, $"{string.Join(", ", broken)} does not run", "see why by its --version, and install it again")
            : good.Count > 0 ? Finding.Ok(string.Join(", ", good))
            : Finding.Failure($"there is neither runc nor crun in {patient.SearchPath}", "apt-get install runc, or crun");
    }

    // "runc version 1.1.5+ds1", …
    private static string Version(ProgramRun run) => run.Output.Split('\n')[0].Split(' ')[^1];
}
