using ShimStack.Api.Daemon;
using ShimStack.Native;
using ShimStack.Supervisor.Containers;
using ShimStack.Supervisor.Shims;
using ShimStack.Supervisor.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Recovery;

/// <summary>What is on disk of tasks. What is nobody's is removed here.</summary>
internal sealed class TaskScan(Bundles bundles, ContainerStore containers, RuntimeBinary binaries, ILogger<TaskScan> logger)
{
    /// <summary>The bundles that there are.</summary>
    public List<Bundle> Bundles() => [.. bundles.All()];

    /// <summary>The tasks of bundles, as far as they may have a shim.</summary>
    public async Task<List<(SupervisedTask Task, FoundTask Found)>> FindAsync(List<Bundle> all)
    {
        List<(SupervisedTask, FoundTask)> tasks = [];
        foreach (Bundle bundle in all)
        {
            if (await TryFindAsync(bundle) is { Binary: string binary } found)
            {
                tasks.Add((new SupervisedTask(bundle, binary, bundle.MadeAt) { Address = found.Address }, found));
            }
        }

        return tasks;
    }

    // One bundle that cannot be read or removed is no reason not to serve all others.
    private async Task<FoundTask?> TryFindAsync(Bundle bundle)
    {
        try
        {
            FoundTask found = new(bundle, bundle.ReadBinary() ?? await BinaryOfContainerAsync(bundle), bundle.ReadAddress());
            if (found.Binary is null)
            {
                logger.Nobodys(bundle.Path);
                bundle.Delete();
            }

            return found;
        }
        catch (Exception e) when (e is RpcException or SyscallException or IOException or UnauthorizedAccessException)
        {
            logger.BundleUnclear(bundle.Path, e);
            return null;
        }
    }

    private async Task<string?> BinaryOfContainerAsync(Bundle bundle)
    {
        try
        {
            Container container = await containers.GetAsync(bundle.Namespace, bundle.Id);
            return binaries.Resolve(container.Runtime?.Name ?? "");
        }
        catch (RpcException)
        {
            return null; // no such container, or its runtime is gone
        }
    }
}
