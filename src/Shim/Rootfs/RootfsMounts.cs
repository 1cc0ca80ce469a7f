using ShimStack.Api.Types;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Mounts;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Rootfs;

/// <summary>
/// The mounts that a daemon asks for at Create. They are made in the daemon's mount namespace, where it sees and unmounts them. Nothing is
/// kept in memory: the
/// request says all that undoing needs. All of it may block: not on the loop's thread.
/// </summary>
internal static class RootfsMounts
{
    private const int RootfsMode = 0x1C9; // 0711
    private const int MaxStacked = 1000;

    /// <summary>Mounts everything in order; if there is nothing to mount, the rootfs is none of our business.</summary>
    /// <param name="rootfs">The bundle's rootfs; made if it is missing.</param>
    /// <param name="mounts">What the request has.</param>
    /// <param name="run">Runs the helpers of file systems in user space.</param>
    /// <exception cref="RpcException">Unknown: one of them failed; those before it are undone.</exception>
    public static void MountAll(string rootfs, IReadOnlyList<Mount> mounts, MountProgram run)
    {
        int done = 0;
        try
        {
            MakeRootfs(rootfs, mounts.Count);
            foreach (Mount mount in mounts)
            {
                done++;
                new RootfsMount(mount, TargetOf(rootfs, mount)).Mount(rootfs + "-layers", run);
            }
        }
        catch (Exception e) when (e is MountException or SyscallException)
        {
            // With the one that failed: a bind mount which could not be made read-only is there.
            Undo(rootfs, mounts, done);
            throw new RpcException(RpcCode.Unknown, $"failed to mount rootfs component: {e.Message}", e);
        }
    }

    /// <summary>
    /// Unmounts in reverse order, whatever is stacked at each place. What is busy stays, for <see cref="RootfsUnmount"/>.
    /// </summary>
    /// <param name="rootfs">Where they are.</param>
    /// <param name="mounts">What was to be mounted.</param>
    /// <param name="done">How many of them were tried.</param>
    public static void Undo(string rootfs, IReadOnlyList<Mount> mounts, int done)
    {
        for (int i = done - 1; i >= 0; i--)
        {
            string target = TargetOf(rootfs, mounts[i]);
            for (int stacked = 0; stacked < MaxStacked && MountPoint.TryUnmount(target, UnmountFlags.UMOUNT_NOFOLLOW, out _); stacked++)
            {
            }
        }
    }

    // Symbolic links in what is mounted already must not lead out of it.
    private static string TargetOf(string rootfs, Mount mount) =>
        mount.Target.Length == 0 ? rootfs : Files.ResolveInRoot(rootfs, mount.Target);

    private static void MakeRootfs(string rootfs, int mounts)
    {
        if (mounts > 0 && Files.TryStatus(rootfs) is null)
        {
            Files.MakeDirectory(rootfs, RootfsMode);
        }
    }
}
