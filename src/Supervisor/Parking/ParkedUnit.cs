using ShimStack.Api.Parking;
using ShimStack.Native;

namespace ShimStack.Supervisor.Parking;

/// <summary>One part of a shim's state, as the shim sent it: a record that is only the shim's to read, and descriptors that must not close with it.</summary>
/// <param name="message">The UNIT.</param>
/// <param name="descriptors">What came with it; closed with the unit.</param>
/// <param name="at">When it came: an exit of one of its pids before that was another process's.</param>
internal sealed class ParkedUnit(ParkingMessage message, IReadOnlyList<FileDescriptor> descriptors, DateTimeOffset at) : IDisposable
{
    public ParkingMessage Message => message;

    public IReadOnlyList<FileDescriptor> Descriptors => descriptors;

    public DateTimeOffset At => at;

    /// <summary>The container that it belongs to; empty for the shim itself.</summary>
    public string Container => message.Container;

    /// <summary>Which of the shim's announcements it came with: see <see cref="ParkedShim.Begin"/>.</summary>
    public int Generation { get; init; }

    public void Dispose()
    {
        foreach (FileDescriptor descriptor in descriptors)
        {
            descriptor.Dispose();
        }
    }
}
