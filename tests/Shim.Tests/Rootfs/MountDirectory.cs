using ShimStack.Native.Files;
using ShimStack.Native.Mounts;
using ShimStack.Shim.Rootfs;

namespace ShimStack.Shim.Tests.Rootfs;

/// <summary>
/// A tmpfs of one test, so that overlays have a place which is none themselves. At the end whatever is mounted in it is detached and the
/// directory removed.
/// </summary>
internal sealed class MountDirectory : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public MountDirectory() => MountPoint.Mount("shimstack-test", _directory.Path, "tmpfs", MountFlags.None, null);

    public string this[string name] => _directory[name];

    public string Make(string name) => _directory.Make(name);

    public string Write(string name, string content) => _directory.Write(name, content);

    /// <summary>What is mounted at and below a path.</summary>
    public IReadOnlyList<string> MountsBelow(string name) =>
        [.. MountTable.Read()
            .Select(entry => entry.MountPoint)
            .Where(place => place == this[name] || place.StartsWith(this[name] + "/", StringComparison.Ordinal))];

    public void Dispose()
    {
        foreach (string place in RootfsUnmount.Below(Files.RealPath(_directory.Path), MountTable.Read().Select(entry => entry.MountPoint)))
        {
            while (MountPoint.TryUnmount(place, UnmountFlags.MNT_DETACH, out _))
            {
            }
        }
        _directory.Dispose();
    }
}
