namespace ShimStack.Native.Polling;

/// <summary>
/// Something happened to what <paramref name="Watch"/> watches; -1 with IN_Q_OVERFLOW says that events were lost. See inotify(7).
/// </summary>
public readonly record struct InotifyEvent(int Watch, InotifyEvents Mask);
