using ShimStack.Api.Parking;
using ShimStack.Shim.Reaping;

namespace ShimStack.Shim.Parking;

/// <summary>An exit as the daemon tells it.</summary>
internal static class ParkedExit
{
    public static ReapedExit Of(ParkingMessage message) =>
        new((int)message.Pid, (int)message.Status, new DateTimeOffset(message.Ticks, TimeSpan.Zero), (int)message.Signal);
}
