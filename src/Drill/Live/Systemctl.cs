using System.Globalization;
using System.Text;
using ShimStack.Drill.Watching;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Live;

/// <summary>systemctl(1), which is the way to systemd that every machine has.</summary>
/// <param name="program">Its path.</param>
internal sealed class Systemctl(string program)
{
    private const int LongestAnswer = 64 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>null on a machine without it.</summary>
    public static Systemctl? TryFind() =>
        ExecutablePath.Find("systemctl", Environment.GetEnvironmentVariable("PATH")) is string program ? new Systemctl(program) : null;

    /// <summary>Its exit code and all that it says.</summary>
    public async Task<(int Status, string Text)> RunAsync(WatchLoop loop, params string[] words)
    {
        using FileDescriptor answer = MemoryFile.Create("systemctl", []);
        (int _, Task<ChildExit> end) = await loop.SpawnAsync(new SpawnRequest
        {
            Path = program,
            Arguments = [program, .. words],
            Environment = OwnEnvironment.Words,
            Descriptors = [new(answer, 1), new(answer, 2)],
            NewProcessGroup = true, // ctrl-c is for us
        });
        ChildExit exit = await end.WaitAsync(Limit);
        byte[] text = new byte[LongestAnswer];
        IoResult read = Files.ReadAt(answer, text, 0);
        return (exit.Status, Encoding.UTF8.GetString(text, 0, read.IsOk ? read.Count : 0));
    }

    /// <summary>The same where all but success is an error.</summary>
    /// <exception cref="DrillException">It failed, with what it said.</exception>
    public async Task<string> MustAsync(WatchLoop loop, params string[] words)
    {
        (int status, string text) = await RunAsync(loop, words);
        return status == 0 ? text : throw new DrillException(string.Create(CultureInfo.InvariantCulture,
            $"systemctl {string.Join(' ', words)} has ended with {status}: {text.Trim()}"));
    }

    /// <summary>Properties of a unit, by their names; those that it does not have are missing.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ShowAsync(WatchLoop loop, string unit, params string[] names) =>
        (await MustAsync(loop, "show", $"--property={string.Join(',', names)}", unit))
            .Split('\n')
            .Select(static line => line.Split('=', 2))
            .Where(static pair => pair.Length == 2)
            .ToDictionary(static pair => pair[0], static pair => pair[1]);
}
