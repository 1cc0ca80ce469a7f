using ShimStack.Native;
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

    private const int MaxUnsent = 16;
    private const int MaxUnsentBytes = 16 * 1024;

    /// <summary>
    /// Tells everything, and gives nothing up: see <see cref="Inheritance"/>. What is told while an operation is under way can be read, but not be gone
    /// on with: a runtime call is no record, only an open call is.
    /// </summary>
    public ShimRecord PutDown(Inheritance left)
    {
        ShimRecord record = new()
        {
            Version = Version,
            Namespace = parts.Namespace,
            ShutdownRefused = parts.Tasks.ShutdownRefused,
            UndeliveredBytes = (ulong)parts.Tasks.UndeliveredBytes,
        };
        connections.PutDown(record, left);
        foreach (ContainerTask task in parts.Tasks.All)
        {
            record.Tasks.Add(task.PutDown(left));
        }

        record.LogFiles.AddRange(stdio.Logs.PutDown(left));
        stdio.Readers.PutDown(record, left);
        parts.Cgroups.PutDown(record, left);
        foreach (PendingEvent pending in outbox.Pending)
        {
            record.Events.Add(RecordOf(pending));
        }

        outage.PutDown(record);
        PutDownSettings(record);
        foreach (FileDescriptor descriptor in left.Descriptors)
        {
            record.Descriptors.Add((uint)descriptor.Number);
        }

        return record;
    }

    /// <summary>Tells what belongs to no container, and to no connection.</summary>
    public ShimRecord PutDownShim(Inheritance left)
    {
        ShimRecord record = new()
        {
            Version = Version,
            Namespace = parts.Namespace,
            ShutdownRefused = parts.Tasks.ShutdownRefused,
            UndeliveredBytes = (ulong)parts.Tasks.UndeliveredBytes,
        };
        connections.PutDownSocket(record, left);
        PutDownSettings(record);
        PutDownUnsent(record);
        return record;
    }

    /// <summary>
    /// The containers that were put down; nothing of them moves. Whatever can fail is done here: until <see cref="PickUp"/> another build can still go on
    /// with the same records.
    /// </summary>
    /// <exception cref="InvalidDataException">The records are of a newer layout, or do not fit together.</exception>
    public List<ContainerTask> Restore(ShimRecord record)
    {
        Require(record);
        foreach (string set in record.Settings)
        {
            Setting.Find(set)?.Set(parts.Settings, Setting.ValueIn(set));
        }

        stdio.Logs.PickUp(record.LogFiles);
        List<ContainerTask> tasks = [];
        foreach (TaskRecord task in record.Tasks)
        {
            tasks.Add(ContainerTask.PickUp(stdio, parts.Runtimes, task));
        }

        return tasks;
    }

    /// <summary>
    /// Goes on; the listener was made from its descriptor before. Whoever ended meanwhile is to be reaped next: the signalfd that would have told is
    /// gone with the program before. Then <see cref="ConnectionListener.PickUp"/> goes on with the connections.
    /// </summary>
    /// <param name="record">What <see cref="PutDown"/> told.</param>
    /// <param name="tasks">What <see cref="Restore"/> has made of it.</param>
    /// <param name="reaper">Where the exits of what still runs are expected.</param>
    public void PickUp(ShimRecord record, List<ContainerTask> tasks, Reaper reaper)
    {
        outage.PickUp(record);
        foreach (EventRecord pending in record.Events)
        {
            outbox.Add(new PendingEvent(new DateTimeOffset(pending.Ticks, TimeSpan.Zero), pending.Topic, pending.TypeUrl, pending.Payload)
            {
                Exit = pending.ExitTask.Length == 0 ? null : new ExitSubject(pending.ExitTask, pending.ExitExec),
            });
        }

        foreach (ContainerTask task in tasks)
        {
            parts.Tasks.Add(task);
            parts.Cgroups.Resume(task);
            parts.Exits.Resume(task, reaper);
            parts.Delivery.Resume(task);
            task.StartStreams();
        }

        parts.Tasks.ShutdownRefused = record.ShutdownRefused;
        parts.Tasks.UndeliveredBytes = (long)record.UndeliveredBytes;
        parts.Tasks.TellIfEmpty();
    }

    /// <exception cref="InvalidDataException">The records are of a newer layout.</exception>
    public static void Require(ShimRecord record)
    {
        if (record.Version is 0 or > Version)
        {
            throw new InvalidDataException($"state of version {record.Version}, this build reads 1 to {Version}");
        }
    }

    // The oldest, as many as are no burden to be told again with each one that is sent: a container has a handful in its life.
    private void PutDownUnsent(ShimRecord record)
    {
        int bytes = 0;
        foreach (PendingEvent pending in outbox.Pending)
        {
            if (ReferenceEquals(pending, outbox.UnderWay))
            {
                continue; // it is with the kernel, and the daemon reads it though we die
            }

            bytes += pending.Payload.Length;
            if (record.Events.Count == MaxUnsent || bytes > MaxUnsentBytes)
            {
                return;
            }

            record.Events.Add(RecordOf(pending));
        }
    }

    private static EventRecord RecordOf(PendingEvent pending) => new()
    {
        Ticks = pending.At.UtcTicks,
        Topic = pending.Topic,
        TypeUrl = pending.TypeUrl,
        Payload = pending.Payload,
        ExitTask = pending.Exit?.Task ?? string.Empty,
        ExitExec = pending.Exit?.Exec ?? string.Empty,
    };

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
