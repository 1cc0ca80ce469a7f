namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>
/// Programs in memory may be executed: runc runs from a sealed copy of itself, so that a container cannot change it. See memfd_create(2).
/// </summary>
internal sealed class MemoryFileCheck : ICheck
{
    private const ulong Refused = 2;

    public string Name => "memfd";

    public Finding Look(Patient patient) => patient.Kernel.TryNumber("/proc/sys/vm/memfd_noexec") is Refused
        ? Finding.Failure("vm.memfd_noexec is 2, so runc cannot execute the sealed copy of itself", "sysctl vm.memfd_noexec=1")
        : Finding.Ok("programs in memory may be executed");
}
