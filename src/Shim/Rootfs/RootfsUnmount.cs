using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Mounts;

namespace ShimStack.Shim.Rootfs;

/// <summary>
/// Unmounts everything at and below a rootfs, so that the daemon can remove its directory. Never detached: a mount that is merely hidden
/// would keep its
/// layers in use. What is busy is tried again; only the outermost mount counts for the result.
/// </summary>
/// <param name="path">The rootfs; that it is missing is fine.</param>
/// <param name="run">Runs fusermount.</param>
internal sealed class RootfsUnmount(string path, MountProgram run)
{
    private const int MaxStacked = 1000;
    private const long FuseMagic = 0x65735546; // statfs(2)

    /// <summary>How often a busy mount is tried.</summary>
    public const int Attempts = 50;

    /// <summary>How long to wait between two tries.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Unmounts with a caller who waits: <paramref name="wait"/> lets time pass, or says that there is none left.</summary>
    /// <exception cref="SyscallException">It cannot be unmounted.</exception>
    public void Run(Func<TimeSpan, bool> wait)
    {
        for (int attempt = 1; !TryOnce(); attempt++)
        {
            if (attempt == Attempts || !wait(Interval))
            {
                throw Busy();
            }
        }
    }

    /// <summary>Unmounts from a loop: <paramref name="onThread"/> runs what may block elsewhere.</summary>
    /// <exception cref="SyscallException">It cannot be unmounted.</exception>
    public async Task RunAsync(Func<Func<bool>, Task<bool>> onThread, TimeProvider time, CancellationToken cancellation)
    {
        for (int attempt = 1; !await onThread(TryOnce); attempt++)
        {
            if (attempt == Attempts)
            {
                throw Busy();
            }
            await Task.Delay(Interval, time, cancellation);
        }
    }

    /// <summary>Unmounts what can be unmounted now. May block.</summary>
    /// <returns>False if the outermost mount is still busy.</returns>
    /// <exception cref="SyscallException">The outermost mount cannot be unmounted for another reason.</exception>
    public bool TryOnce()
    {
        if (Files.TryStatus(path) is null)
        {
            return true;
        }
        string root = Files.RealPath(path);
        return TryAlone(root) || TryAll(root);
    }

    // Nearly always one mount is all there is: then nothing is read of a table that has a line for each mount of each container of the node.
    private static bool TryAlone(string root)
    {
        bool unmounted = FileSystem.TypeOf(root) != FuseMagic && MountPoint.TryUnmount(root, UnmountFlags.UMOUNT_NOFOLLOW, out _);
        return unmounted && UnmountStack(root) == Errno.None;
    }

    // Deepest first.
    private bool TryAll(string root)
    {
        Errno outermost = Errno.None;
        string last = path;
        foreach ((string target, bool isFuse) in Targets(root))
        {
            last = target;
            if (isFuse)
            {
                FuseMount.TryUnmount(target, run);
            }
            outermost = UnmountStack(target);
        }
        return outermost switch
        {
            Errno.None => true,
            Errno.EBUSY => false,
            Errno other => throw new SyscallException("umount2", other, last),
        };
    }

    /// <summary>
    /// The places among <paramref name="mountPoints"/> that are at or below <paramref name="root"/>, each once, the deepest first.
    /// </summary>
    public static IReadOnlyList<string> Below(string root, IEnumerable<string> mountPoints)
    {
        var places = new HashSet<string>(StringComparer.Ordinal);
        foreach (string place in mountPoints)
        {
            if (place == root || place.StartsWith(root + "/", StringComparison.Ordinal))
            {
                places.Add(place);
            }
        }
        var sorted = new List<string>(places);
        sorted.Sort((a, b) => a.Length != b.Length ? b.Length.CompareTo(a.Length) : string.CompareOrdinal(a, b));
        return sorted;
    }

    private static IEnumerable<(string Target, bool IsFuse)> Targets(string root)
    {
        IReadOnlyList<MountEntry> table = MountTable.Read();
        var all = new List<string>();
        var fuse = new HashSet<string>(StringComparer.Ordinal);
        foreach (MountEntry entry in table)
        {
            all.Add(entry.MountPoint);
            if (entry.FileSystemType.StartsWith("fuse", StringComparison.Ordinal))
            {
                fuse.Add(entry.MountPoint);
            }
        }
        foreach (string place in Below(root, all))
        {
            yield return (place, fuse.Contains(place));
        }
    }

    private static Errno UnmountStack(string target)
    {
        Errno errno = Errno.None;
        for (int stacked = 0; stacked < MaxStacked && errno == Errno.None; stacked++)
        {
            MountPoint.TryUnmount(target, UnmountFlags.UMOUNT_NOFOLLOW, out errno);
        }

        // EINVAL is the end that we want: nothing is mounted there any more.
        return errno == Errno.EINVAL ? Errno.None : errno;
    }

    private SyscallException Busy() => new("umount2", Errno.EBUSY, path);
}
