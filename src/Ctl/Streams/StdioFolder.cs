using System.Security.Cryptography;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;

namespace ShimStack.Ctl.Streams;

/// <summary>
/// The FIFOs of one process, in a folder that only its owner enters: below /run/shimctl, or XDG_RUNTIME_DIR for a user that is not root. It lasts
/// as long as the process, so that a later shimctl can attach: who removes the process removes it.
/// </summary>
internal sealed class StdioFolder
{
    private const int OwnerOnly = 0x1c0; // 0700
    private const int OwnerReadsAndWrites = 0x180; // 0600
    private const int OthersEnter = 0x3f; // 0077

    private StdioFolder(string path) => FolderPath = path;

    /// <summary>Above all such folders.</summary>
    public static string Root { get; } = CurrentProcess.EffectiveUserId == 0
        ? "/run/shimctl"
        : Path.Combine(Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") ?? "/tmp", $"shimctl-{CurrentProcess.EffectiveUserId}");

    public string FolderPath { get; }

    public string Input => Path.Combine(FolderPath, "stdin");

    public string Output => Path.Combine(FolderPath, "stdout");

    /// <summary>A terminal has none.</summary>
    public string Error => Path.Combine(FolderPath, "stderr");

    /// <summary>A new folder with its FIFOs.</summary>
    public static StdioFolder Create(string container, bool terminal)
    {
        if (Files.TryLinkStatus(Root) is null)
        {
            Files.MakeDirectory(Root, OwnerOnly);
        }

        CheckOwner();
        StdioFolder folder = new(Path.Combine(Root, $"{container}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}"));
        Files.MakeDirectory(folder.FolderPath, OwnerOnly);
        try
        {
            Files.MakeFifo(folder.Input, OwnerReadsAndWrites);
            Files.MakeFifo(folder.Output, OwnerReadsAndWrites);
            if (!terminal)
            {
                Files.MakeFifo(folder.Error, OwnerReadsAndWrites);
            }
        }
        catch
        {
            folder.Remove();
            throw;
        }

        return folder;
    }

    /// <summary>The folder that a process was given; null if its streams are somebody else's.</summary>
    public static StdioFolder? Of(string stdout) =>
        Path.GetDirectoryName(stdout) is string folder && Path.GetDirectoryName(folder) == Root ? new StdioFolder(folder) : null;

    public void Remove()
    {
        if (Files.TryLinkStatus(FolderPath) is not null)
        {
            Directory.Delete(FolderPath, recursive: true);
        }
    }

    // Below /tmp anybody could have made it first, to read along.
    private static void CheckOwner()
    {
        if (Files.TryLinkStatus(Root) is not { Type: FileType.Directory } status
            || status.Uid != CurrentProcess.EffectiveUserId
            || (status.Mode & OthersEnter) != 0)
        {
            throw new IOException($"{Root} is not a folder that only its owner enters: remove it");
        }
    }
}
