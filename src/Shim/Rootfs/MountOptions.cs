using ShimStack.Native.Mounts;

namespace ShimStack.Shim.Rootfs;

/// <summary>The options of a mount, taken apart: flags of mount(2), what the shim does itself, and the rest for the file system.</summary>
internal sealed record MountOptions
{
    public MountFlags Flags { get; init; }

    /// <summary>
    /// What the file system gets, joined by commas. Words that are not known go there, "defaults" and propagation included, as in the
    /// reference.
    /// </summary>
    public string Data { get; init; } = "";

    /// <summary>Whether the source is a file, to be mounted through a loop device.</summary>
    public bool Loop { get; init; }

    /// <summary>Whether that device goes round the page cache of the file system below.</summary>
    public bool DirectIo { get; init; }

    /// <summary>How user ids are mapped, <c>container:host:count</c>; empty if they are not.</summary>
    public string UidMap { get; init; } = "";

    /// <summary>How group ids are mapped; empty if they are not.</summary>
    public string GidMap { get; init; } = "";

    /// <summary>Only both maps together count.</summary>
    public bool IsIdmapped => UidMap.Length > 0 && GidMap.Length > 0;

    /// <summary>Whether a flag is on.</summary>
    public bool Has(MountFlags flag) => (Flags & flag) == flag;

    /// <summary>Takes the options of a mount apart, in order: a later word undoes an earlier one.</summary>
    /// <exception cref="MountException">An option that only the daemon's mount manager understands.</exception>
    public static MountOptions Parse(IEnumerable<string> options)
    {
        var result = new MountOptions();
        var data = new List<string>();
        foreach (string option in options)
        {
            if (SetFlag(option) is MountFlags set)
            {
                result = result with { Flags = result.Flags | set };
            }
            else if (ClearedFlag(option) is MountFlags cleared)
            {
                result = result with { Flags = result.Flags & ~cleared };
            }
            else if (result.WithOwn(option) is MountOptions own)
            {
                result = own;
            }
            else
            {
                data.Add(option);
            }
        }
        return result with { Data = string.Join(',', data) };
    }

    private MountOptions? WithOwn(string option) => option switch
    {
        "loop" => this with { Loop = true },
        "direct-io" => this with { DirectIo = true },
        _ when option.StartsWith("uidmap=", StringComparison.Ordinal) => this with { UidMap = option["uidmap=".Length..] },
        _ when option.StartsWith("gidmap=", StringComparison.Ordinal) => this with { GidMap = option["gidmap=".Length..] },
        _ when option.StartsWith("X-containerd.", StringComparison.Ordinal) =>
            throw new MountException($"internal mount option \"{option}\" was not consumed by the mount manager"),
        _ => null,
    };

    private static MountFlags? SetFlag(string option) => option switch
    {
        "bind" => MountFlags.MS_BIND,
        "rbind" => MountFlags.MS_BIND | MountFlags.MS_REC,
        "dirsync" => MountFlags.MS_DIRSYNC,
        "mand" => MountFlags.MS_MANDLOCK,
        "noatime" => MountFlags.MS_NOATIME,
        "nodev" => MountFlags.MS_NODEV,
        "nodiratime" => MountFlags.MS_NODIRATIME,
        "noexec" => MountFlags.MS_NOEXEC,
        "nosuid" => MountFlags.MS_NOSUID,
        "relatime" => MountFlags.MS_RELATIME,
        "remount" => MountFlags.MS_REMOUNT,
        "ro" => MountFlags.MS_RDONLY,
        "strictatime" => MountFlags.MS_STRICTATIME,
        "sync" => MountFlags.MS_SYNCHRONOUS,
        _ => null,
    };

    private static MountFlags? ClearedFlag(string option) => option switch
    {
        "async" => MountFlags.MS_SYNCHRONOUS,
        "atime" => MountFlags.MS_NOATIME,
        "dev" => MountFlags.MS_NODEV,
        "diratime" => MountFlags.MS_NODIRATIME,
        "exec" => MountFlags.MS_NOEXEC,
        "nomand" => MountFlags.MS_MANDLOCK,
        "norelatime" => MountFlags.MS_RELATIME,
        "nostrictatime" => MountFlags.MS_STRICTATIME,
        "rw" => MountFlags.MS_RDONLY,
        "suid" => MountFlags.MS_NOSUID,
        _ => null,
    };
}
