using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Events;
using ShimStack.Api.Types;
using ShimStack.Ctl.Events;
using Record = ShimStack.Api.Journal.Record;

namespace ShimStack.Ctl.Tests.Events;

public sealed class EventTextTests
{
    private static readonly Record Exit = Record("/tasks/exit", TypeUrls.TaskExit, new TaskExit { ContainerId = "c1", Id = "e1", Pid = 9, ExitStatus = 137 });

    [Fact]
    public void AnEventIsALine() =>
        Assert.Equal("12 2026-01-02T03:04:05.006Z ns /tasks/exit container_id=c1 id=e1 pid=9 exit_status=137", EventText.Line(Exit));

    [Fact]
    public void AnEventIsJson()
    {
        JsonElement json = JsonDocument.Parse(EventText.Json(Exit)).RootElement;
        Assert.Equal((12ul, "/tasks/exit", 137u), (json.GetProperty("sequence").GetUInt64(), json.GetProperty("topic").GetString(), json.GetProperty("event").GetProperty("exit_status").GetUInt32()));
    }

    [Fact]
    public void AnUnknownEventTellsItsType() => Assert.EndsWith(" /x type=some.Thing", EventText.Line(Record("/x", "some.Thing", new Empty())), StringComparison.Ordinal);

    private static Record Record(string topic, string type, IMessage message) => new()
    {
        Sequence = 12,
        Envelope = new Envelope
        {
            Namespace = "ns",
            Topic = topic,
            Timestamp = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 6, TimeSpan.Zero).ToTimestamp(),
            Event = new Any { TypeUrl = type, Value = message.ToByteString() },
        },
    };
}
