using ShimStack.Api.Parking;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Supervisor.Events;

namespace ShimStack.Supervisor.Parking;

/// <summary>What shims have left with us for the case that they die, by the paths of their sockets.</summary>
internal sealed class ParkedShims(TimeProvider time)
{
    private readonly Dictionary<string, ParkedShim> _shims = [];
    private readonly EarlyHolds _early = new();
    private readonly Lock _gate = new();

    /// <summary>A shim has left something else than before, or nothing any more. Called on any thread, outside of all locks.</summary>
    public event Action<ParkedShim>? Changed;

    /// <summary>What a shim has left; null for one that leaves nothing, as foreign ones do.</summary>
    public ParkedShim? Find(string socket)
    {
        lock (_gate)
        {
            return _shims.GetValueOrDefault(socket);
        }
    }

    /// <summary>Holds a process until what its shim has left is read: see <see cref="EarlyHolds"/>.</summary>
    public void HoldEarly(uint pid)
    {
        lock (_gate)
        {
            _early.Add(pid);
        }
    }

    /// <summary>What shims had left at the start has been read.</summary>
    public void LetGoEarly()
    {
        lock (_gate)
        {
            _early.LetGo();
        }
    }

    /// <summary>All of them.</summary>
    public List<ParkedShim> All()
    {
        lock (_gate)
        {
            return [.. _shims.Values];
        }
    }

    /// <summary>A shim has connected, and says who it is.</summary>
    /// <param name="hello">What it says.</param>
    /// <param name="pid">Who it is for the kernel.</param>
    /// <param name="connection">Where it is told of exits; null if it is known from before only.</param>
    public ParkedShim Connected(ParkingMessage hello, int pid, ParkingConnection? connection)
    {
        ShimProcess process = ShimProcess.Of(pid, hello.StartTime);
        lock (_gate)
        {
            if (!_shims.TryGetValue(hello.Shim, out ParkedShim? shim))
            {
                _shims[hello.Shim] = shim = new ParkedShim(hello.Shim, hello) { Process = process };
            }
            else
            {
                shim.Process.Dispose();
                shim.Process = process;
            }

            shim.Begin(hello);
            shim.Connection = connection;
            return shim;
        }
    }

    /// <summary>Another process has taken the shim's place.</summary>
    public void Replaced(ParkedShim shim, ShimProcess process, ParkingConnection connection)
    {
        lock (_gate)
        {
            shim.Process.Dispose();
            shim.Process = process;
            shim.Connection = connection.HasEnded ? null : connection; // one that has died already has told of that before
            shim.KnowReaped(time.GetUtcNow()); // since it was started, and before it could hold them itself
            TellAll(shim);
        }
    }

    /// <summary>For now all is here that a shim has sent.</summary>
    public void Settled(ParkedShim shim) => Changed?.Invoke(shim);

    /// <summary>A shim has left something, or taken it back.</summary>
    public void Take(ParkedShim shim, ParkingMessage message, IReadOnlyList<FileDescriptor> descriptors)
    {
        lock (_gate)
        {
            switch (message.Kind)
            {
                case ParkingMessage.Types.Kind.Unit:
                    shim.Add(message, descriptors, time.GetUtcNow(), _early);
                    break;
                case ParkingMessage.Types.Kind.Gone:
                    shim.Remove(message.Unit);
                    break;
                case ParkingMessage.Types.Kind.Whole:
                    shim.End();
                    TellAll(shim);
                    break;
                case ParkingMessage.Types.Kind.Exited:
                    shim.Knows(message);
                    break;
                default:
                    break; // of a newer build: it can do without
            }
        }
    }

    /// <summary>The connection of a shim is gone. What it has left stays, if that is of a container.</summary>
    public void Disconnected(ParkedShim shim, ParkingConnection connection)
    {
        lock (_gate)
        {
            if (shim.Connection == connection)
            {
                shim.Connection = null;
                RemoveIfIdle(shim);
            }
        }

        Changed?.Invoke(shim);
    }

    /// <summary>The task is over: what was left for it is closed.</summary>
    public void RemoveTask(string socket, string container)
    {
        ParkedShim? shim;
        lock (_gate)
        {
            if (!_shims.TryGetValue(socket, out shim))
            {
                return;
            }

            shim.RemoveContainer(container);
            RemoveIfIdle(shim);
        }

        Changed?.Invoke(shim);
    }

    /// <summary>Nobody takes the shim's place: everything that it has left is closed.</summary>
    public void Remove(ParkedShim shim)
    {
        lock (_gate)
        {
            if (_shims.GetValueOrDefault(shim.Socket) == shim)
            {
                _shims.Remove(shim.Socket);
            }

            shim.RemoveAll();
        }

        Changed?.Invoke(shim);
    }

    /// <summary>Everything that a shim which takes another's place is given, in the order in which it is sent. The descriptors stay ours.</summary>
    public List<(ParkingMessage Message, IReadOnlyList<FileDescriptor> Descriptors)> ContentOf(ParkedShim shim)
    {
        lock (_gate)
        {
            ParkingMessage hello = shim.Hello.Clone();
            (hello.Pid, hello.StartTime) = ((uint)shim.Process.Pid, shim.Process.StartTime);
            return
            [
                (hello, []),
                .. shim.Units.Select(unit => (unit.Message, unit.Descriptors)),
                .. shim.Exits.Select(exit => (exit, (IReadOnlyList<FileDescriptor>)[])),
            ];
        }
    }

    /// <summary>Whether a shim is known, and something of a container is left of it.</summary>
    public bool HasContainers(ParkedShim shim)
    {
        lock (_gate)
        {
            return _shims.GetValueOrDefault(shim.Socket) == shim && shim.HasContainers;
        }
    }

    /// <summary>The containers of a shim.</summary>
    public List<string> ContainersOf(ParkedShim shim)
    {
        lock (_gate)
        {
            return shim.Containers;
        }
    }

    /// <summary>Exits that are on record, for whoever takes the shim's place: they were announced.</summary>
    public void Know(ParkedShim shim, IEnumerable<ProcessRecord> processes)
    {
        lock (_gate)
        {
            foreach (ProcessRecord process in processes)
            {
                if (process.ExitStatus is uint status && shim.Has(process.Pid))
                {
                    shim.Knows(new ParkingMessage
                    {
                        Kind = ParkingMessage.Types.Kind.Exited,
                        Pid = process.Pid,
                        Status = status,
                        Ticks = (process.ExitedAt?.ToDateTimeOffset() ?? time.GetUtcNow()).UtcTicks,
                        Announced = true,
                    });
                }
            }
        }
    }

    /// <summary>The shim has died: see <see cref="ParkedShim.KnowReaped"/>.</summary>
    public void KnowReaped(ParkedShim shim)
    {
        lock (_gate)
        {
            shim.KnowReaped(time.GetUtcNow());
        }
    }

    /// <summary>A child of ours has ended that we have not started: if it is one of a shim's, that shim is told, or whoever takes its place.</summary>
    public void Ended(ChildExit exit)
    {
        DateTimeOffset at = time.GetUtcNow();
        ParkedShim? whose = null;
        lock (_gate)
        {
            foreach (ParkedShim shim in _shims.Values)
            {
                if (shim.Ended(exit, at) is ParkingMessage message)
                {
                    shim.Connection?.Tell(message);
                    whose = shim;
                }
            }
        }

        if (whose is not null)
        {
            Changed?.Invoke(whose);
        }
    }

    // All exits that are known, and that these are all.
    private static void TellAll(ParkedShim shim)
    {
        foreach (ParkingMessage exit in shim.Exits)
        {
            shim.Connection?.Tell(exit);
        }

        shim.Connection?.Tell(new ParkingMessage { Kind = ParkingMessage.Types.Kind.Whole });
    }

    private void RemoveIfIdle(ParkedShim shim)
    {
        if (shim.Connection is null && !shim.HasContainers)
        {
            _shims.Remove(shim.Socket);
            shim.RemoveAll();
            shim.Process.Dispose();
        }
    }
}
