using System.Globalization;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Soak.Plan;

namespace ShimStack.SystemTests.Soak;

/// <summary>What a walk did, step by step with the time, in out/soak/LINE-SEED.log; the end of it is part of a failure.</summary>
internal sealed class SoakLog : IDisposable
{
    private const int Shown = 40;

    private readonly Queue<string> _last = [];
    private readonly StreamWriter _file;
    private readonly string _line;
    private readonly int _seed;
    private int _count;

    public SoakLog(Stage stage, int seed)
    {
        (_line, _seed) = (stage.Daemon.Line, seed);
        string folder = Path.Combine(RuntimeUnderTest.RepositoryRoot, "out/soak");
        Directory.CreateDirectory(folder);
        _file = new StreamWriter(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{_line}-{seed}.log"))) { AutoFlush = true };
        _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, containerd {_line}, {RuntimeUnderTest.Name}"));
    }

    public void Begins(Step step)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow:HH:mm:ss.fff} {++_count} {step}");
        _file.WriteLine(line);
        _last.Enqueue(line);
        if (_last.Count > Shown)
        {
            _last.Dequeue();
        }
    }

    public void Failed() => TestContext.Current.TestOutputHelper?.WriteLine(
        $"seed {_seed}, containerd {_line}: step {_count} failed; again: ./build.sh soak MINUTES {_seed}\n{string.Join('\n', _last)}");

    public void Dispose() => _file.Dispose();
}
