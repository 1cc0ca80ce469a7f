using ShimStack.Api.HandOver;
using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Supervisor.Upgrade;

/// <summary>
/// The descriptors that outlive a build, by name: sockets that listen, and locks. Owners have duplicates, so what an owner closes stays open here
/// for the next build: no connection is refused, and no lock is free, at any moment between two builds.
/// </summary>
internal sealed class KeptDescriptors
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FileDescriptor> _kept = [];
    private readonly HashSet<string> _unclaimed = [];

    /// <summary>There is another build to come: what is kept must not be taken away from the file system.</summary>
    public bool GoOn { get; set; }

    /// <summary>Takes over what the build before has left, and marks it close-on-exec at once.</summary>
    public void Inherit(IEnumerable<KeptDescriptor> descriptors)
    {
        foreach (KeptDescriptor left in descriptors)
        {
            FileDescriptor descriptor = FileDescriptor.Take(left.Number);
            Files.SetInherited(descriptor, false);
            _kept[left.Name] = descriptor;
            _unclaimed.Add(left.Name);
        }
    }

    /// <summary>A duplicate of what the build before has left; null if there is no such, or it is not what it should be.</summary>
    public FileDescriptor? TryClaim(string name, Predicate<FileDescriptor> isIt)
    {
        lock (_gate)
        {
            if (!_unclaimed.Contains(name) || !isIt(_kept[name]))
            {
                return null;
            }

            _unclaimed.Remove(name);
            return Files.Duplicate(_kept[name]);
        }
    }

    /// <summary>Duplicates of all whose names begin so, of those that the build before has left.</summary>
    public List<FileDescriptor> ClaimAll(string prefix)
    {
        lock (_gate)
        {
            return _unclaimed.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList().ConvertAll(name =>
            {
                _unclaimed.Remove(name);
                return Files.Duplicate(_kept[name]);
            });
        }
    }

    /// <summary>Closes all whose names begin so.</summary>
    public void Drop(string prefix)
    {
        lock (_gate)
        {
            foreach (string name in _kept.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList())
            {
                _unclaimed.Remove(name);
                _kept.Remove(name, out FileDescriptor? descriptor);
                descriptor?.Dispose();
            }
        }
    }

    /// <summary>Keeps a duplicate from now on.</summary>
    public void Keep(string name, FileDescriptor descriptor)
    {
        lock (_gate)
        {
            _kept.GetValueOrDefault(name)?.Dispose();
            _kept[name] = Files.Duplicate(descriptor);
            _unclaimed.Remove(name);
        }
    }

    /// <summary>Closes what was left and nobody wanted.</summary>
    public void CloseUnclaimed()
    {
        lock (_gate)
        {
            foreach (string name in _unclaimed)
            {
                _kept.Remove(name, out FileDescriptor? descriptor);
                descriptor?.Dispose();
            }

            _unclaimed.Clear();
        }
    }

    /// <summary>All, for the next build.</summary>
    public List<(string Name, FileDescriptor Descriptor)> All()
    {
        lock (_gate)
        {
            return [.. _kept.Select(kept => (kept.Key, kept.Value))];
        }
    }
}
