using ShimStack.Api.Parking;
using ShimStack.Native.Processes;

namespace ShimStack.Supervisor.Parking;

/// <summary>What one shim has left with us, and who it is. All of it under the lock of <see cref="ParkedShims"/>.</summary>
/// <param name="socket">The path of its socket.</param>
/// <param name="hello">What it said of itself.</param>
internal sealed class ParkedShim(string socket, ParkingMessage hello)
{
    private readonly Dictionary<string, ParkedUnit> _units = [];
    private readonly Dictionary<uint, ParkingMessage> _exits = [];
    private int _generation;

    public string Socket => socket;

    /// <summary>What it said of itself last.</summary>
    public ParkingMessage Hello { get; private set; } = hello;

    /// <summary>Its process, as it is known now.</summary>
    public required ShimProcess Process { get; set; }

    /// <summary>Where it is told of exits; null while it is not connected.</summary>
    public ParkingConnection? Connection { get; set; }

    /// <summary>One at a time puts another process in its place.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>When others took its place lately.</summary>
    public Queue<DateTimeOffset> Replacements { get; } = new();

    public IReadOnlyCollection<ParkedUnit> Units => _units.Values;

    public IReadOnlyCollection<ParkingMessage> Exits => _exits.Values;

    /// <summary>Whether something of a container is left here.</summary>
    public bool HasContainers => _units.Values.Any(unit => unit.Container.Length > 0);

    /// <summary>It begins to tell everything again: what it does not name until <see cref="End"/> is void then.</summary>
    public void Begin(ParkingMessage hello)
    {
        Hello = hello;
        _generation++;
    }

    /// <summary>It has told everything.</summary>
    public void End() => Remove(unit => unit.Generation < _generation);

    public void Add(ParkingMessage message, IReadOnlyList<Native.FileDescriptor> descriptors, DateTimeOffset at, EarlyHolds early)
    {
        bool isOlder = _units.Remove(message.Unit, out ParkedUnit? before);
        DateTimeOffset since = isOlder && before!.Message.Pids.SequenceEqual(message.Pids) ? before.At : at;
        _units[message.Unit] = new ParkedUnit(message, descriptors, since, before, early) { Generation = _generation };
        before?.Dispose();
        Trim();
    }

    public void Remove(string unit) => Remove(one => one.Message.Unit == unit);

    public void RemoveContainer(string container) => Remove(unit => unit.Container == container);

    public void RemoveAll() => Remove(_ => true);

    /// <summary>A child of ours has ended: if it is one of this shim's, that is kept for it.</summary>
    /// <returns>What the shim is to be told; null if it is none of its.</returns>
    public ParkingMessage? Ended(ChildExit exit, DateTimeOffset at)
    {
        if (!_units.Values.Any(unit => unit.Message.Pids.Contains((uint)exit.Pid) && unit.At <= at))
        {
            return null;
        }

        ParkingMessage message = MessageOf(exit, at);
        Knows(message);
        return message;
    }

    /// <summary>Whether the end of a process is of use to this shim.</summary>
    public bool Has(uint pid) => _units.Values.Any(unit => unit.Message.Pids.Contains(pid));

    /// <summary>The containers of which something is left here.</summary>
    public List<string> Containers => [.. _units.Values.Select(unit => unit.Container).Where(container => container.Length > 0).Distinct()];

    /// <summary>The shim has died: what it had reaped, and may not have told anybody, is asked of the kernel.</summary>
    public void KnowReaped(DateTimeOffset now)
    {
        foreach (ChildExit exit in _units.Values.SelectMany(unit => unit.Reaped()).Where(exit => !_exits.ContainsKey((uint)exit.Pid)).ToList())
        {
            Knows(MessageOf(exit, now));
        }
    }

    /// <summary>Keeps an exit for whoever takes the shim's place.</summary>
    public void Knows(ParkingMessage exit) => _exits[exit.Pid] = exit;

    private static ParkingMessage MessageOf(ChildExit exit, DateTimeOffset at) => new()
    {
        Kind = ParkingMessage.Types.Kind.Exited,
        Pid = (uint)exit.Pid,
        Status = (uint)exit.Status,
        Signal = (uint)exit.Signal,
        Ticks = at.UtcTicks,
    };

    private void Remove(Predicate<ParkedUnit> which)
    {
        foreach (ParkedUnit unit in _units.Values.Where(unit => which(unit)).ToList())
        {
            _units.Remove(unit.Message.Unit);
            unit.Dispose();
        }

        Trim();
    }

    // An exit is of no use to anybody when the process is deleted.
    private void Trim()
    {
        foreach (uint pid in _exits.Keys.Where(pid => !_units.Values.Any(unit => unit.Message.Pids.Contains(pid))).ToList())
        {
            _exits.Remove(pid);
        }
    }
}
