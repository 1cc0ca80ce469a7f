using System.Globalization;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Soak.Walk;

/// <summary>How a worker said that it would end, and when.</summary>
internal sealed record NotedEnd(int Code, DateTimeOffset At);

/// <summary>How the test talks with a worker (tests/Probe/worker.c): by files in the containers' root file system, past daemon and shim.</summary>
internal sealed class WorkerFiles : IDisposable
{
    private const string Folder = "soak";
    private const string Program = "bin/worker";

    private readonly string _path;
    private readonly FileStream _orders;

    public WorkerFiles(Stage stage, string name)
    {
        _path = Path.Combine(stage.Rootfs, Folder, name);
        Fifo.Make($"{_path}.in");
        // For reading and writing: it does not wait for the worker, and what is written before it comes stays.
        _orders = File.Open($"{_path}.in", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
    }

    /// <summary>How many bytes the worker has got rid of.</summary>
    public long Written =>
        File.Exists($"{_path}.count") && File.ReadAllBytes($"{_path}.count") is { Length: sizeof(long) } bytes ? BitConverter.ToInt64(bytes) : 0;

    public bool IsReady => Log.Length > 0;

    /// <summary>Null when it did not end by itself.</summary>
    public NotedEnd? End => Log.FirstOrDefault(static line => line.StartsWith("exit ", StringComparison.Ordinal)) is string line ? Parse(line.Split(' ')) : null;

    private string[] Log => File.Exists($"{_path}.log") ? File.ReadAllLines($"{_path}.log") : [];

    /// <summary>Puts the program where containers find it.</summary>
    public static Task InstallAsync(Stage stage)
    {
        Directory.CreateDirectory(Path.Combine(stage.Rootfs, Folder));
        ProgramFile.Copy(Path.Combine(AppContext.BaseDirectory, "worker"), Path.Combine(stage.Rootfs, Program));
        return Task.CompletedTask;
    }

    /// <summary>The command line; <paramref name="descriptor"/>: where it writes, 1 or 2.</summary>
    public static string[] Command(string name, int descriptor) => ["/" + Program, name, descriptor.ToString(CultureInfo.InvariantCulture)];

    public void Tell(char order, int number)
    {
        _orders.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{order} {number}\n")));
        _orders.Flush();
    }

    public void Dispose() => _orders.Dispose();

    private static NotedEnd Parse(string[] words)
    {
        decimal seconds = decimal.Parse(words[2], CultureInfo.InvariantCulture);
        DateTimeOffset at = DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return new NotedEnd(int.Parse(words[1], CultureInfo.InvariantCulture), at);
    }
}
