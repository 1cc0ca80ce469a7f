using System.Security.Cryptography;
using System.Text;

namespace ShimStack.Drill.Targets;

/// <summary>Where everything of one drill is, so that it can be watched, and looked for at the end.</summary>
/// <param name="Folder">All but cgroups and the sockets of shims.</param>
/// <param name="Name">The namespace of the containers, and the cgroup above theirs: of this drill alone.</param>
internal sealed record TargetPlaces(string Folder, string Name)
{
    // Every runc-like shim of containerd listens there, whatever the daemon's folders are. Contract chapter 1.8.
    private const string ShimSockets = "/run/containerd/s";

    /// <summary>Of the daemon that starts the shims.</summary>
    public string Socket => Path.Combine(Folder, "daemon.sock");

    /// <summary>What daemons and shims write to, but output: a small file system of its own where that is what is tried.</summary>
    public string Disk => Path.Combine(Folder, "disk");

    public string State => Path.Combine(Disk, "state");

    public string Root => Path.Combine(Disk, "root");

    public string LogFile => Path.Combine(Folder, "daemon.log");

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

    public string Bundles => Path.Combine(State, "io.containerd.runtime.v2.task", Name);

    public string BundleOf(string id) => Path.Combine(Bundles, id);

    public string RuntimeStateOf(string id) => Path.Combine(RuntimeRoot, Name, id);

    /// <summary>A function of the daemon's address, the namespace and the id. Contract chapter 1.8.</summary>
    public string ShimSocketOf(string id) =>
        Path.Combine(ShimSockets, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Socket}/{Name}/{id}"))));

    /// <summary>The disk is a small file system of its own.</summary>
    public bool HasSmallDisk { get; init; }

    public string CgroupOf(string id) => $"/{Name}/{id}";

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
