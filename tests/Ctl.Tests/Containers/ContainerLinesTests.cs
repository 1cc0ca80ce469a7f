using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Daemon;
using ShimStack.Api.Restart;
using ShimStack.Api.Types;
using ShimStack.Ctl.Containers;
using ShimStack.Ctl.Output;

namespace ShimStack.Ctl.Tests.Containers;

public sealed class ContainerLinesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly ContainerLine[] Lines =
    [
        new(Container("runs", """{"process":{"args":["sleep","9"]}}"""), new Process { Id = "runs", Pid = 77, Status = Status.Running }),
        new(Container("ended", "no JSON"), new Process { Id = "ended", Pid = 78, Status = Status.Stopped, ExitStatus = 3, ExitedAt = Now.AddSeconds(-5).ToTimestamp() }),
        new(Container("bare", "{}"), null),
    ];

    [Fact]
    public void PeopleGetATable() => Assert.Equal(
        """
        ID     STATE    PID  EXIT  SINCE  COMMAND
        runs   running  77   -     2h     sleep 9
        ended  stopped  -    3     5s
        bare   empty    -    -     2h

        """,
        ContainerLines.Table(Lines, Now).ToText(width: null, colours: false));

    [Fact]
    public void ATerminalGetsColours() => Assert.Contains("\u001b[", ContainerLines.Table(Lines, Now).ToText(80, colours: true), StringComparison.Ordinal);

    [Fact]
    public void ProgramsGetJson()
    {
        JsonElement[] all = [.. JsonDocument.Parse(JsonText.Of(writer => ContainerLines.Write(writer, Lines))).RootElement.EnumerateArray()];
        Assert.Equal(["runs", "ended", "bare"], all.Select(line => line.GetProperty("id").GetString()));
        Assert.Equal(["running", "stopped", "empty"], all.Select(line => line.GetProperty("state").GetString()));
        Assert.Equal((3, false), (all[1].GetProperty("exitCode").GetInt32(), all[0].TryGetProperty("exitCode", out _)));
        Assert.Equal(["sleep", "9"], all[0].GetProperty("command").EnumerateArray().Select(word => word.GetString()!));
        Assert.Equal(Now.AddSeconds(-5), all[1].GetProperty("exitedAt").GetDateTimeOffset());
    }

    [Fact]
    public void BetweenTwoRunsItIsRestarting()
    {
        RestartInfo waits = new() { Policy = "on-failure:5", Count = 2, State = RestartInfo.Types.State.Waiting, NextTryAt = Now.AddSeconds(3).ToTimestamp() };
        ContainerLine[] lines = [Lines[1] with { Restart = waits }];
        Assert.Contains("ended  restarting in 3s  -", ContainerLines.Table(lines, Now).ToText(width: null, colours: false), StringComparison.Ordinal);
        JsonElement line = JsonDocument.Parse(JsonText.Of(writer => ContainerLines.Write(writer, lines))).RootElement[0];
        Assert.Equal(("restarting", "on-failure:5", 2), (line.GetProperty("state").GetString(), line.GetProperty("restartPolicy").GetString(), line.GetProperty("restartCount").GetInt32()));
        Assert.Equal(Now.AddSeconds(3), line.GetProperty("nextTryAt").GetDateTimeOffset());
    }

    private static Container Container(string id, string spec) => new()
    {
        Id = id,
        CreatedAt = Now.AddHours(-2).ToTimestamp(),
        Spec = new Any { Value = ByteString.CopyFromUtf8(spec) },
    };
}
