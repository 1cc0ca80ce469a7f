using System.Text;
using System.Text.Json;
using ShimStack.SystemTests.Ctl;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>Two builds of shimstackd beside each other: the published one, and the same with another version written into it.</summary>
internal sealed class UpgradeBuilds
{
    private const string Library = "libe_sqlite3.so";

    private readonly Stage _stage;

    private UpgradeBuilds(Stage stage, string version) => (_stage, Version) = (stage, version);

    /// <summary>The version of the published build.</summary>
    public string Version { get; }

    public string OtherVersion => Version[..^1] + (Version[^1] == '9' ? '8' : '9');

    public string First => Path.Combine(_stage.Directory, "first", "shimstackd");

    public string Second => Path.Combine(_stage.Directory, "second", "shimstackd");

    public static async Task<UpgradeBuilds> MakeAsync(Stage stage)
    {
        DaemonLine.RequireProgram(CtlStage.Program, "shimctl");
        string published = Path.Combine(RuntimeUnderTest.OwnBinDirectory, "shimstackd");
        UpgradeBuilds builds = new(stage, (await Command.RunAsync(published, ["--version"])).MustSucceed().Output.Trim().Split(' ')[1]);
        byte[] program = await File.ReadAllBytesAsync(published);
        Write(builds.First, program);
        Assert.True(Replace(program, Encoding.Unicode.GetBytes(builds.Version), Encoding.Unicode.GetBytes(builds.OtherVersion)) > 0);
        Write(builds.Second, program);
        return builds;
    }

    public Task<CommandResult> CallAsync(params string[] arguments) => Command.RunAsync(CtlStage.Program, _stage.Ctr.Connected(["upgrade", "daemon", .. arguments]));

    /// <summary>Upgrades; the outcome as shimctl tells it. The process must be the same, and run the other build.</summary>
    public async Task<JsonElement> UpgradeAsync(string to)
    {
        CommandResult result = (await CallAsync("--json", "--to", to)).MustSucceed();
        JsonElement outcome = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(_stage.Daemon.Pid, outcome.GetProperty("pid").GetInt32());
        Assert.Equal(to, ProcessTable.Executable(_stage.Daemon.Pid));
        Assert.Equal(to == Second ? OtherVersion : Version, outcome.GetProperty("to").GetProperty("version").GetString());
        return outcome;
    }

    private static void Write(string path, byte[] program)
    {
        string folder = Directory.CreateDirectory(Path.GetDirectoryName(path)!).FullName;
        ProgramFile.Write(path, program);
        File.CreateSymbolicLink(Path.Combine(folder, Library), Path.Combine(RuntimeUnderTest.OwnBinDirectory, Library));
    }

    private static int Replace(Span<byte> program, byte[] from, byte[] to)
    {
        int count = 0;
        for (int found = program.IndexOf(from); found >= 0; found = program.IndexOf(from))
        {
            to.CopyTo(program[found..]);
            program = program[(found + to.Length)..];
            count++;
        }

        return count;
    }
}
