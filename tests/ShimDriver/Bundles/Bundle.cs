using ShimStack.Api.Types;
using ShimStack.ShimDriver.Stdio;

namespace ShimStack.ShimDriver.Bundles;

/// <summary>A bundle directory as a daemon prepares it: config.json, an empty rootfs, and the log FIFO, which it reads.</summary>
public sealed class Bundle : IDisposable
{
    private readonly string _sharedRootfs;

    private Bundle(string path, string sharedRootfs, BundleSpec spec)
    {
        (Path, Spec, _sharedRootfs) = (path, spec, sharedRootfs);
        CgroupPath = $"{spec.CgroupParent}/{Id}";
        Log = new FifoReader(Fifo.Make(System.IO.Path.Combine(path, "log")), outlivesWriters: true);
    }

    public string Path { get; }

    public BundleSpec Spec { get; }

    /// <summary>The container id is the name of the directory: the delete action relies on it.</summary>
    public string Id => System.IO.Path.GetFileName(Path);

    public string CgroupPath { get; }

    /// <summary>What the shim logs.</summary>
    public FifoReader Log { get; }

    /// <summary>The mounts that Create asks for.</summary>
    public IReadOnlyList<Mount> RootfsMounts =>
        Spec.MountsRootfs ? [new Mount { Type = "bind", Source = _sharedRootfs, Options = { "rbind", "ro" } }] : [];

    /// <summary>Writes a new bundle.</summary>
    /// <param name="path">Where; its last part becomes the container id.</param>
    /// <param name="sharedRootfs">A filled root file system.</param>
    /// <param name="spec">What the container shall be.</param>
    public static Bundle Create(string path, string sharedRootfs, BundleSpec spec)
    {
        Directory.CreateDirectory(System.IO.Path.Combine(path, "rootfs"));
        File.CreateSymbolicLink(System.IO.Path.Combine(path, "work"), Directory.CreateDirectory(WorkOf(path)).FullName);
        var bundle = new Bundle(path, sharedRootfs, spec);
        string rootPath = spec.MountsRootfs ? "rootfs" : sharedRootfs;
        File.WriteAllText(System.IO.Path.Combine(path, "config.json"), OciDocument.Container(spec, rootPath, bundle.CgroupPath).ToJsonString());
        return bundle;
    }

    // A daemon has it in its root directory, away from its state.
    private static string WorkOf(string path)
    {
        string daemon = System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(path)!)!)!;
        return System.IO.Path.Combine(daemon, "work", System.IO.Path.GetFileName(path));
    }

    public void Dispose() => Log.Dispose();
}
