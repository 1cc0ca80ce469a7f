using ShimStack.Shim.Events;
using ShimStack.Shim.Exits;
using ShimStack.Shim.Reaping;
using ShimStack.Shim.Serving;
using ShimStack.Shim.Settings;
using ShimStack.Shim.Stdio;
using ShimStack.Shim.Tasks;

namespace ShimStack.Shim.State;

/// <summary>
/// Everything that the server knows, put down as records and picked up again: by another build of the shim in the same
/// process, or by the same one. What is not in the records does not exist; a test compares.
/// </summary>
internal sealed class ShimState(
    TaskParts parts, StdioContext stdio, EventOutbox outbox, ConnectionListener connections, DaemonOutage outage)
{
    /// <summary>The layout that this build writes. A build reads what has its own or a lower number.</summary>
    public const uint Version = 1;

    /// <summary>
    /// Stops everything and gives all descriptors up. No operation may be under way: a runtime call is no record, only an open
    /// Wait is.
    /// </summary>
    /// <exception cref="InvalidOperationException">A container is being created, or a process being changed.</exception>
    public async Task<ShimRecord> PutDownAsync()
    {
        if (!parts.Tasks.IsQuiet)
        {
            throw new InvalidOperationException("an operation is under way");
        }

        ShimRecord record = new() { Version = Version, Namespace = parts.Namespace, ShutdownRefused = parts.Tasks.ShutdownRefused };
        (int listener, IReadOnlyList<ConnectionRecord> open) = await connections.PutDownAsync();
        record.Listener = (uint)listener;
        record.Connections.AddRange(open);
        foreach (ContainerTask task in parts.Tasks.All)
        {
            record.Tasks.Add(task.PutDown());
        }

        record.LogFiles.AddRange(stdio.Logs.PutDown());
        foreach (PendingEvent pending in outbox.Pending)
        {
            record.Events.Add(new EventRecord
            {
                Ticks = pending.At.UtcTicks,
                Topic = pending.Topic,
                TypeUrl = pending.TypeUrl,
                Payload = pending.Payload,
                ExitTask = pending.Exit?.Task ?? string.Empty,
                ExitExec = pending.Exit?.Exec ?? string.Empty,
            });
        }

        record.OutputGivenUp = stdio.GivenUp;
        outage.PutDown(record);
        PutDownSettings(record);
        return record;
    }

    /// <summary>
    /// Takes over what was put down; the listener was made from its descriptor before. Whoever ended meanwhile is to be reaped
    /// next: a pending SIGCHLD does not survive execve(2).
    /// </summary>
    /// <param name="record">What <see cref="PutDownAsync"/> told.</param>
    /// <param name="reaper">Where the exits of what still runs are expected.</param>
    /// <exception cref="InvalidDataException">The records are of a newer layout.</exception>
    public void PickUp(ShimRecord record, Reaper reaper)
    {
        if (record.Version > Version)
        {
            throw new InvalidDataException($"state of version {record.Version}, this build reads up to {Version}");
        }

        outage.PickUp(record);
        stdio.GivenUp = record.OutputGivenUp;
        foreach (string set in record.Settings)
        {
            Setting.Find(set)?.Set(parts.Settings, Setting.ValueIn(set));
        }

        foreach (EventRecord pending in record.Events)
        {
            outbox.Add(new PendingEvent(new DateTimeOffset(pending.Ticks, TimeSpan.Zero), pending.Topic, pending.TypeUrl, pending.Payload)
            {
                Exit = pending.ExitTask.Length == 0 ? null : new ExitSubject(pending.ExitTask, pending.ExitExec),
            });
        }

        stdio.Logs.PickUp(record.LogFiles);
        foreach (TaskRecord taskRecord in record.Tasks)
        {
            ContainerTask task = ContainerTask.PickUp(stdio, parts.Runtimes, taskRecord);
            parts.Tasks.Add(task);
            parts.Cgroups.Resume(task);
            parts.Exits.Resume(task, reaper);
            parts.Delivery.Resume(task);
            task.StartStreams();
        }

        parts.Tasks.ShutdownRefused = record.ShutdownRefused;
        parts.Tasks.TellIfEmpty();
        connections.PickUp(record.Connections);
    }

    private void PutDownSettings(ShimRecord record)
    {
        ShimSettings started = SettingsReader.Read();
        foreach (Setting setting in Setting.All)
        {
            if (setting.Show(parts.Settings) is string value && value != setting.Show(started))
            {
                record.Settings.Add($"{setting.Name}={value}");
            }
        }
    }
}
