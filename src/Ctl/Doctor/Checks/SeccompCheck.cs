namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>Filters of system calls, which most specifications have. See seccomp(2).</summary>
internal sealed class SeccompCheck : ICheck
{
    public string Name => "seccomp";

    public Finding Look(Patient patient) => patient.Kernel.TryText("/proc/sys/kernel/seccomp/actions_avail") is string actions
        ? Finding.Ok($"filters can: {actions}")
        : Finding.Warning(
            "the kernel has no seccomp filters, and runtimes refuse specifications that have one",
            "run one with CONFIG_SECCOMP_FILTER");
}
