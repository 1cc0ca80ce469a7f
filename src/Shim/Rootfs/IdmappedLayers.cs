using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Mounts;

namespace ShimStack.Shim.Rootfs;

/// <summary>
/// The lower directories of an overlay seen with shifted owners: an overlay cannot be idmapped itself, but what it lies on can. Their
/// common parent is bound,
/// idmapped, to a directory of ours for as long as the overlay is being mounted; the overlay keeps what it needs of it.
/// </summary>
internal sealed class IdmappedLayers : IDisposable
{
    private readonly string _directory;

    private IdmappedLayers(string directory, IReadOnlyList<string> options) => (_directory, Options) = (directory, options);

    /// <summary>The options of the overlay with the lower directories below ours.</summary>
    public IReadOnlyList<string> Options { get; }

    /// <summary>Makes the bind mount.</summary>
    /// <param name="words">The options of the overlay.</param>
    /// <param name="userNamespace">The maps.</param>
    /// <param name="directory">Where it goes; made here, removed by Dispose.</param>
    /// <exception cref="MountException">The lower directories have no directory in common.</exception>
    public static IdmappedLayers Bind(IReadOnlyList<string> words, FileDescriptor userNamespace, string directory)
    {
        (string parent, string[] names) = OverlayLowerDirs.Split(words)
            ?? throw new MountException("the lower directories of an idmapped overlay must be in one directory");
        using FileDescriptor tree = IdmappedMounts.OpenTree(parent, clone: true, recursive: false);
        IdmappedMounts.SetIdMapping(tree, userNamespace);
        Files.MakeDirectory(directory, 0x1C0);
        var layers = new IdmappedLayers(directory, OverlayLowerDirs.Replace(words, Array.ConvertAll(names, name => $"{directory}/{name}")));
        try
        {
            IdmappedMounts.MoveMount(tree, directory);
            return layers;
        }
        catch (SyscallException)
        {
            layers.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        MountPoint.TryUnmount(_directory, UnmountFlags.MNT_DETACH | UnmountFlags.UMOUNT_NOFOLLOW, out _);
        Files.RemoveDirectory(_directory);
    }
}
