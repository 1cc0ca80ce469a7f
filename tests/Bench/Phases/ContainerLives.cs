using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Events;
using ShimStack.Api.Types;

namespace ShimStack.Bench.Phases;

/// <summary>The events of containers that live one after the other: create, start, exit, delete.</summary>
internal sealed class ContainerLives
{
    internal const string Namespace = "bench";

    private const uint FirstPid = 1000;

    private static int _lastContainer;

    private string _container = "";
    private uint _pid = FirstPid;
    private int _step;

    internal Envelope Next()
    {
        Timestamp now = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow);
        switch (_step++ % 4)
        {
            case 0:
                _container = $"container-{Interlocked.Increment(ref _lastContainer)}";
                _pid++;
                TaskCreate create = new() { ContainerId = _container, Pid = _pid, Bundle = $"/run/bundles/{_container}" };
                return Of(now, Topics.TaskCreate, TypeUrls.TaskCreate, create);
            case 1:
                return Of(now, Topics.TaskStart, TypeUrls.TaskStart, new TaskStart { ContainerId = _container, Pid = _pid });
            case 2:
                TaskExit exit = new() { ContainerId = _container, Id = _container, Pid = _pid, ExitedAt = now };
                return Of(now, Topics.TaskExit, TypeUrls.TaskExit, exit);
            default:
                TaskDelete delete = new() { ContainerId = _container, Pid = _pid, ExitedAt = now };
                return Of(now, Topics.TaskDelete, TypeUrls.TaskDelete, delete);
        }
    }

    private static Envelope Of(Timestamp now, string topic, string typeUrl, IMessage message) => new()
    {
        Timestamp = now,
        Namespace = Namespace,
        Topic = topic,
        Event = new Any { TypeUrl = typeUrl, Value = message.ToByteString() },
    };
}
