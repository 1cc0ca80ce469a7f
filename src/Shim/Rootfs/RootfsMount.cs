using ShimStack.Api.Types;
using ShimStack.Native;
using ShimStack.Native.Mounts;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Rootfs;

/// <summary>One mount of a rootfs, in the order of steps of containerd's own mount code. Blocks as long as the file system takes.</summary>
/// <param name="mount">What the daemon asks for.</param>
/// <param name="target">Where, as a path of this machine.</param>
internal sealed class RootfsMount(Mount mount, string target)
{
    private const string Overlay = "overlay";

    /// <summary>Mounts it.</summary>
    /// <param name="scratch">A path in a directory of ours where nothing is, for what is needed only meanwhile.</param>
    /// <param name="run">Runs the helpers of file systems in user space.</param>
    /// <exception cref="MountException">It cannot be mounted. What the kernel did of it until then is still there.</exception>
    public void Mount(string scratch, MountProgram run)
    {
        if (FuseMount.Handles(mount.Type))
        {
            FuseMount.Mount(mount, target, run);
            return;
        }
        var options = MountOptions.Parse(mount.Options);
        if (!options.IsIdmapped)
        {
            MountWords(mount.Options);
            return;
        }
        using FileDescriptor userNamespace = IdMaps.OpenNamespace(options);
        if (mount.Type == Overlay)
        {
            using var layers = IdmappedLayers.Bind(mount.Options, userNamespace, scratch);
            MountWords(layers.Options);
            return;
        }
        MountWords(mount.Options);
        Remap(userNamespace);
    }

    private void MountWords(IReadOnlyList<string> words)
    {
        string directory = "";
        if (mount.Type == Overlay && OverlayLowerDirs.AreLong(words, Environment.SystemPageSize))
        {
            (directory, words) = OverlayLowerDirs.Shorten(words);
        }
        var options = MountOptions.Parse(words);
        if (System.Text.Encoding.UTF8.GetByteCount(options.Data) > Environment.SystemPageSize)
        {
            throw new MountException("mount options is too long");
        }
        if (directory.Length == 0)
        {
            MountSource(options);
        }
        else
        {
            PrivateDirectory.Run(directory, () => MountSource(options));
        }
    }

    private void MountSource(MountOptions options)
    {
        if (!options.Loop)
        {
            Call(mount.Source, options);
            return;
        }

        // The device goes away by itself when the last mount of it does.
        using FileDescriptor device = LoopDevice.Attach(mount.Source, options.Has(MountFlags.MS_RDONLY), options.DirectIo, out string path);
        Call(path, options);
    }

    private void Call(string source, MountOptions options)
    {
        // A remount without data is left to the second call. See moby#34077.
        if (!options.Has(MountFlags.MS_REMOUNT) || options.Data.Length > 0)
        {
            try
            {
                MountPoint.Mount(source, target, mount.Type, options.Flags, options.Data);
            }
            catch (SyscallException e)
            {
                throw new MountException(
                    $"mount source: \"{source}\", target: \"{target}\", fstype: {mount.Type}, "
                    + $"flags: {(ulong)options.Flags}, data: \"{options.Data}\", err: {e.Message}",
                    e);
            }
        }

        // The first call of a bind mount takes no other flag than MS_REC. See mount(2).
        if (options.Has(MountFlags.MS_BIND | MountFlags.MS_RDONLY))
        {
            MountFlags locked = UserNamespace.IsInside() ? FileSystem.LockedFlagsOf(target) : MountFlags.None;
            MountPoint.Mount("", target, "", options.Flags | locked | MountFlags.MS_REMOUNT, "");
        }
    }

    private void Remap(FileDescriptor userNamespace)
    {
        using FileDescriptor tree = IdmappedMounts.OpenTree(target, clone: true, recursive: false);
        IdmappedMounts.SetIdMapping(tree, userNamespace);
        IdmappedMounts.MoveMount(tree, target);
    }
}
