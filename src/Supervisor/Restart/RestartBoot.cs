using System.Text;
using ShimStack.Api.Daemon;
using ShimStack.Native.Files;
using ShimStack.Supervisor.Containers;
using ShimStack.Supervisor.Tasks;

namespace ShimStack.Supervisor.Restart;

/// <summary>
/// Tells a start of the daemon on a machine that has booted from every other: then nothing runs any more, and what should is started. A daemon that is
/// killed, upgraded, or stopped and started again changes nothing, as its containers live on. See boot_id in random(4).
/// </summary>
internal sealed class RestartBoot(RestartStore store, ContainerStore containers, TaskTable tasks, TaskLoss loss, TimeProvider time, ILogger<RestartBoot> logger)
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    public async Task ApplyAsync()
    {
        try
        {
            string boot = Encoding.ASCII.GetString(Files.ReadWhole(BootFile)).Trim();
            string? known = await store.BootAsync();
            if (known != boot)
            {
                await StoreAsync(boot, known is null ? null : await FindAsync());
            }
        }
        catch (Exception e)
        {
            logger.BootFailed(e); // no reason not to serve
        }
    }

    private async Task StoreAsync(string boot, List<RestartRecord>? toStart)
    {
        if (toStart is null)
        {
            await store.NoteBootAsync(boot);
            return;
        }

        await store.BootedAsync(boot, toStart, time.GetUtcNow());
        logger.Booted(toStart.Count);
    }

    private async Task<List<RestartRecord>> FindAsync()
    {
        List<RestartRecord> toStart = [];
        foreach (RestartRecord record in await store.AllAsync())
        {
            if (record is { State: RestartState.Running, ExitStatus: null } && !tasks.Contains(record.Namespace, record.Container))
            {
                await loss.TellAsync(record.Namespace, record.Container);
                await store.ExitedAsync(record.Namespace, record.Container, RestartDecision.UnknownStatus, null);
            }

            if (await containers.FindAsync(record.Namespace, record.Container) is Container container
                && RestartLabels.Of(container) is RestartWish wish && RestartDecision.AfterBoot(wish, record.State))
            {
                toStart.Add(record);
            }
        }

        return toStart;
    }
}
