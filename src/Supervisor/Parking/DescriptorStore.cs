using ShimStack.Native;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Parking;

/// <summary>
/// What shims have left, kept by the service manager as well, if it does that: so it outlives our own death together with a shim's. One mailbox a
/// shim, made anew when the shim leaves something else. See sd_notify(3), FDSTORE, and FileDescriptorStoreMax in systemd.service(5).
/// </summary>
internal sealed class DescriptorStore(ParkedShims shims, ParkedHandOver handOver, ILogger<DescriptorStore> logger)
{
    private const string Prefix = "shim-";

    private readonly Dictionary<string, string> _names = [];
    private readonly Lock _gate = new();
    private ServiceManager? _manager;
    private long _count;

    /// <summary>Takes back what is there, and stores from now on. Nothing is done where nobody stores.</summary>
    public void Begin(ServiceManager manager)
    {
        List<string> taken = [];
        foreach ((string name, FileDescriptor descriptor) in manager.Stored)
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                taken.Add(name);
                handOver.TryTake(descriptor);
            }
        }

        if (taken.Count > 0)
        {
            logger.HandedOn(taken.Count);
        }

        if (manager.CanStore)
        {
            _manager = manager;
            _count = Environment.TickCount64; // no name of one before us
            shims.Changed += Store;
            shims.All().ForEach(Store);
            taken.ForEach(manager.RemoveStored);
        }
    }

    // The new one first: at no moment there is none.
    private void Store(ParkedShim shim)
    {
        lock (_gate)
        {
            try
            {
                string? before = _names.GetValueOrDefault(shim.Socket);
                _names.Remove(shim.Socket);
                if (shims.HasContainers(shim))
                {
                    string name = $"{Prefix}{++_count:x}";
                    (FileDescriptor ours, FileDescriptor theirs) = Mailbox.Fill(shims.ContentOf(shim));
                    using (ours)
                    using (theirs)
                    {
                        _manager!.Store(name, theirs);
                    }

                    _names[shim.Socket] = name;
                }

                if (before is not null)
                {
                    _manager!.RemoveStored(before);
                }
            }
            catch (SyscallException e)
            {
                logger.NotStored(e.Message);
            }
        }
    }
}
