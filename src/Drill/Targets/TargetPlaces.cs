using System.Security.Cryptography;
using System.Text;

namespace ShimStack.Drill.Targets;

/// <summary>Where everything of one drill is, so that it can be watched, and looked for at the end.</summary>
/// <param name="Folder">All but cgroups and the sockets of shims.</param>
/// <param name="Name">Of this drill alone: the namespace of the containers, the cgroup above theirs, or what their names begin with.</param>
internal sealed record TargetPlaces(string Folder, string Name)
{
    // Every runc-like shim of containerd listens there, whatever the daemon's folders are. Contract chapter 1.8.
    private const string ShimSockets = "/run/containerd/s";
    private const string Tasks = "io.containerd.runtime.v2.task";

    /// <summary>Of the daemon that starts the shims, as it calls it itself.</summary>
    public string Socket { get; init; } = Path.Combine(Folder, "daemon.sock");

    /// <summary>As daemon and shims have it. Another one than <see cref="Name"/> is not of this drill alone.</summary>
    public string Namespace { get; init; } = Name;

    /// <summary>The cgroup above those of the containers, in each hierarchy.</summary>
    public string CgroupParent { get; init; } = Name;

    /// <summary>In the namespace, and where the runtime has its state, there may be others: only what has an id of ours is ours.</summary>
    public bool IsShared => Namespace != Name;

    /// <summary>What daemons and shims write to, but output: a small file system of its own where that is what is tried.</summary>
    public string Disk => Path.Combine(Folder, "disk");

    /// <summary>Of the daemon that starts the shims: the folder where bundles are.</summary>
    public string State { get; init; } = Path.Combine(Folder, "disk", "state");

    /// <summary>What of it lasts.</summary>
    public string Root { get; init; } = Path.Combine(Folder, "disk", "root");

    /// <summary>The daemon's, or, where that is no file, what else is to be looked at.</summary>
    public string LogFile { get; init; } = Path.Combine(Folder, "daemon.log");

    public string Temporary => Path.Combine(Folder, "tmp");

    /// <summary>Where the daemon looks for shims first.</summary>
    public string Programs => Path.Combine(Folder, "bin");

    /// <summary>What shims give to the runtime as its root.</summary>
    public string RuntimeRoot { get; init; } = Path.Combine(Folder, "runc");

    /// <summary>Mount points that are there as long as the daemon is, whatever containers there are.</summary>
    public IReadOnlyList<string> OwnMounts { get; init; } = [];

    /// <summary>The program that shims run as runtime; empty for the usual one.</summary>
    public string RuntimeProgram { get; init; } = "";

    /// <summary>Where workers note the truth.</summary>
    public string Truth => Path.Combine(Folder, "truth");

    /// <summary>FIFOs and logs of the workers.</summary>
    public string Output => Path.Combine(Folder, "output");

    public string Rootfs => Path.Combine(Folder, "rootfs");

    public string Bundles => Path.Combine(State, Tasks, Namespace);

    /// <summary>Where the daemon has for each bundle what lasts.</summary>
    public string WorkFolders => Path.Combine(Root, Tasks, Namespace);

    public string BundleOf(string id) => Path.Combine(Bundles, id);

    public string RuntimeStateOf(string id) => Path.Combine(RuntimeRoot, Namespace, id);

    /// <summary>A function of the daemon's address, the namespace and the id. Contract chapter 1.8.</summary>
    public string ShimSocketOf(string id) =>
        Path.Combine(ShimSockets, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Socket}/{Namespace}/{id}"))));

    /// <summary>The disk is a small file system of its own.</summary>
    public bool HasSmallDisk { get; init; }

    public string CgroupOf(string id) => $"/{CgroupParent}/{id}";

    public void Create()
    {
        foreach (string folder in (string[])[Folder, Disk, Temporary, Programs, Truth, Output, Path.Combine(Rootfs, "proc"),
            Path.Combine(Rootfs, "dev"), Path.Combine(Rootfs, "drill")])
        {
            Directory.CreateDirectory(folder);
        }

        if (HasSmallDisk)
        {
            new SmallDisk(this).Mount();
        }

        if (RuntimeProgram.Length > 0)
        {
            new FaultyRuntime(this).Install();
        }
    }
}
