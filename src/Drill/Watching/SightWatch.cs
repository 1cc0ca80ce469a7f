using ShimStack.Drill.Record;
using ShimStack.Drill.Targets;

namespace ShimStack.Drill.Watching;

/// <summary>Waits for a moment of a call that is about to be made.</summary>
internal sealed class SightWatch : IDisposable
{
    private readonly FileWatch? _file;
    private readonly CancellationTokenSource _stop = new();

    private SightWatch(FileWatch file) => (_file, Seen) = (file, file.Seen);

    private SightWatch(Task seen) => Seen = seen;

    private SightWatch(DrillRecord record, string topic, string name) => Seen = EventAsync(record, topic, name, _stop.Token);

    public Task Seen { get; }

    public static SightWatch Start(WatchLoop loop, TargetPlaces places, DrillRecord record, Sight sight, string name, string id)
    {
        string path = sight.What
            .Replace("{bundle}", places.BundleOf(id), StringComparison.Ordinal)
            .Replace("{runtime}", places.RuntimeStateOf(id), StringComparison.Ordinal)
            .Replace("{socket}", places.ShimSocketOf(id), StringComparison.Ordinal)
            .Replace("{id}", name, StringComparison.Ordinal);
        string root = path.StartsWith(places.Folder, StringComparison.Ordinal) ? places.Folder : Existing(path);
        return sight.Kind switch
        {
            SightKind.Comes => new SightWatch(new FileWatch(loop, root, path, exists: true)),
            SightKind.Goes => new SightWatch(new FileWatch(loop, root, path, exists: false)),
            SightKind.Event => new SightWatch(record, sight.What, name),
            SightKind.Sent => new SightWatch(Task.CompletedTask),
            _ => new SightWatch(Task.Delay(Timeout.Infinite)),
        };
    }

    // What is there of it, and stays: all else comes and goes below it.
    private static string Existing(string path)
    {
        string folder = path;
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder) ?? "/";
        }

        return folder;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _stop.Cancel();
        _stop.Dispose();
    }

    private static async Task EventAsync(DrillRecord record, string topic, string name, CancellationToken stop)
    {
        int from = record.Read(() => record.Entries.Count);
        while (!stop.IsCancellationRequested)
        {
            Task change = record.NextChange();
            if (record.Read(() => record.Entries.Skip(from)
                .Any(entry => entry.Kind == EntryKind.Event && entry.Subject == name
                    && entry.Text.StartsWith(topic, StringComparison.Ordinal))))
            {
                return;
            }

            await Task.WhenAny(change, Task.Delay(Timeout.Infinite, stop));
        }
    }
}
