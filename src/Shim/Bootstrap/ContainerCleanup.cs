using System.Text;
using ShimStack.Api.Runc;
using ShimStack.Native.Processes;
using ShimStack.Shim.Rootfs;

namespace ShimStack.Shim.Bootstrap;

/// <summary>A container to be removed. The records that say how are its own or its pod's: its bundle may be gone already.</summary>
internal sealed record DoomedContainer(string Namespace, string Id, string Bundle, string Records);

/// <summary>What the delete action removes of one container: its processes with the runtime's state, its mounts, its cgroup.</summary>
/// <param name="container">Which.</param>
/// <param name="left">How much time there is.</param>
/// <param name="attempts">Takes what does not work.</param>
internal sealed class ContainerCleanup(DoomedContainer container, Func<TimeSpan> left, Attempts attempts)
{
    private const string DefaultRoot = "/run/containerd/runc";

    // The rest of the daemon's time is for the other steps. The reference would use all of it.
    private static readonly TimeSpan RuntimeLimit = TimeSpan.FromMilliseconds(4200);

    /// <exception cref="InvalidDataException">The record of the options cannot be understood.</exception>
    public void Run()
    {
        Options options = BundleFiles.ReadOptions(container.Records);
        attempts.Try("delete the container", () => DeleteContainer(options));
        attempts.Try("unmount the rootfs", UnmountRootfs);
        attempts.Try("remove the cgroup", () => new LeftoverCgroup(container.Bundle, container.Id).Remove(PauseWhileTime));
    }

    private void DeleteContainer(Options options)
    {
        string name = BundleFiles.ReadRuntime(container.Records) is { Length: > 0 } recorded ? recorded : InfoAction.DefaultBinary;
        string path = ExecutablePath.Find(name, Environment.GetEnvironmentVariable("PATH"))
            ?? throw new StartupException($"exec: \"{name}\": executable file not found in $PATH");
        string root = GoPath.Join(options.Root.Length == 0 ? DefaultRoot : options.Root, container.Namespace);

        // Orphans of a runtime that must be killed come to this process and end with their group.
        CurrentProcess.BecomeSubreaper();
        TimeSpan limit = left();
        CommandResult result = HelperCommand.Run(
            [path, "--root", root, "--log", container.Records + "/log.json", "--log-format", "json", "delete", "--force", container.Id],
            limit < RuntimeLimit ? limit : RuntimeLimit,
            withErrors: true);
        if (result.Status != 0)
        {
            string end = result.Status is int status ? $"exit status {status}" : "not finished in time";
            throw new StartupException($"{name} did not terminate successfully: {end}: {Encoding.UTF8.GetString(result.Output).Trim()}");
        }
    }

    private void UnmountRootfs()
    {
        var unmount = new RootfsUnmount(container.Bundle + "/rootfs", program => HelperCommand.Run(program, left(), withErrors: true));
        unmount.Run(PauseWhileTime);
    }

    private bool PauseWhileTime(TimeSpan pause)
    {
        if (left() < pause)
        {
            return false;
        }
        ChildProcess.Pause(pause);
        return true;
    }
}
