using System.Globalization;

namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>
/// Scores for the out-of-memory killer can be lowered, as Kubernetes asks for its most important pods. See capabilities(7),
/// CAP_SYS_RESOURCE.
/// </summary>
internal sealed class OutOfMemoryCheck : ICheck
{
    private const ulong SysResource = 1ul << 24;

    public string Name => "oom scores";

    public Finding Look(Patient patient)
    {
        string who = patient.Daemon.Pid is int pid ? pid.ToString(CultureInfo.InvariantCulture) : "self";
        const string Head = "CapEff:";
        string? line = patient.Kernel.Lines($"/proc/{who}/status").FirstOrDefault(line => line.StartsWith(Head, StringComparison.Ordinal));
        string subject = who == "self" ? "this process" : "the daemon";
        return !ulong.TryParse(line?[Head.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong capabilities)
            ? Finding.Warning($"the kernel does not say what {subject} is capable of", $"look into /proc/{who}/status")
            : (capabilities & SysResource) != 0 ? Finding.Ok($"{subject} may lower them")
            : Finding.Warning(
                $"{subject} has no CAP_SYS_RESOURCE, so containers that ask for a lower score, as guaranteed pods do, cannot be started",
                "run the daemon outside of the container that takes it away");
    }
}
