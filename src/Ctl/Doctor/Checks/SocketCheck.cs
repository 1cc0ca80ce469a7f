using ShimStack.Native.Files;

namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>Nobody connects to the daemon who is not meant to: who does is root's equal.</summary>
internal sealed class SocketCheck : ICheck
{
    private const int Others = 0x7; // 0007
    private const int Group = 0x38; // 0070

    public string Name => "socket";

    public Finding Look(Patient patient)
    {
        if (patient.Kernel.TryStatus(patient.Address) is not FileStatus status)
        {
            return Finding.Failure($"there is no {patient.Address}", "start shimstackd, or name another socket with --address");
        }

        string mode = Convert.ToString(status.Mode, 8).PadLeft(4, '0');
        return status.Type != FileType.Socket ? Finding.Failure($"{patient.Address} is no socket", "name another one with --address")
            : (status.Mode & Others) != 0 ? Finding.Failure(
                $"anybody may connect to {patient.Address} (mode {mode}), and so become root",
                $"chmod o= {patient.Address}")
            : (status.Mode & Group) != 0 ? Finding.Ok($"{patient.Address} has mode {mode}: members of the group {status.Gid} are root's equals")
            : Finding.Ok($"{patient.Address} is its owner's alone (user {status.Uid})");
    }
}
