namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>The daemon answers, and is of this version.</summary>
internal sealed class DaemonCheck : ICheck
{
    public string Name => "daemon";

    public Finding Look(Patient patient)
    {
        if (patient.Daemon.Problem is string problem)
        {
            string[] parts = problem.Split("; ", 2);
            return Finding.Failure(parts[0], parts.Length > 1 ? parts[1] : "look into its log");
        }

        string version = patient.Daemon.Version;
        string who = patient.Daemon.Pid is int pid ? $"pid {pid}" : "of another machine or pid namespace";
        return version == patient.Version
            ? Finding.Ok($"the daemon at {patient.Address} answers: {version}, {who}, {patient.Daemon.Containers.Count} containers")
            : Finding.Warning(
                $"the daemon at {patient.Address} is of version {version}, and shimctl of {patient.Version}",
                "upgrade the older one, unless it is a containerd");
    }
}
