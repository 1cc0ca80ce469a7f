using ShimStack.Native;
using ShimStack.Native.Processes;

namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>Processes can be held on to, whatever the version says: a seccomp filter may be in the way. See pidfd_open(2).</summary>
internal sealed class PidDescriptorCheck : ICheck
{
    public string Name => "pidfd";

    public Finding Look(Patient patient)
    {
        try
        {
            using PidDescriptor own = PidDescriptor.Open(CurrentProcess.Id);
            return Finding.Ok("pidfd_open works");
        }
        catch (SyscallException e)
        {
            return Finding.Failure(
                $"the kernel or a seccomp filter refuses: {e.Message}",
                "run it outside of the container that filters it, or allow pidfd_open there");
        }
    }
}
