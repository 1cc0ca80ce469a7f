using ShimStack.Native.Files;

namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>What is believed, and run as root, lies where nobody else can write.</summary>
internal sealed class FolderCheck : ICheck
{
    private const int WritableByOthers = 0x12; // 0022
    private const int Sticky = 0x200; // 01000
    private const int OthersEnter = 0x3f; // 0077

    public string Name => "folders";

    public Finding Look(Patient patient)
    {
        // The second ones are for their owner alone.
        (string Path, int Forbidden)[] folders =
        [
            (patient.Folders.State, WritableByOthers), (patient.Folders.Root, OthersEnter),
            ("/run/containerd/s", WritableByOthers), (Streams.StdioFolder.Root, OthersEnter),
        ];
        List<string> bad = [], good = [];
        foreach ((string path, int forbidden) in folders)
        {
            if (patient.Kernel.TryStatus(path) is FileStatus status)
            {
                bool isSafe = status.Type == FileType.Directory && ((status.Mode & forbidden) == 0 || (status.Mode & Sticky) != 0)
                    && (status.Uid == 0 || status.Uid == patient.UserId);
                (isSafe ? good : bad).Add(isSafe ? path : $"{path} (user {status.Uid}, mode {Convert.ToString(status.Mode, 8)})");
            }
        }

        return bad.Count > 0
            ? Finding.Failure(
                $"others than their owner get into {string.Join(", ", bad)}",
                "chown root and chmod go-w; for the database and the streams chmod 0700")
            : Finding.Ok(good.Count > 0 ? $"only their owner writes to {string.Join(", ", good)}" : "none are there yet");
    }
}
