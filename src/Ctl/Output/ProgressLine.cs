using System.Globalization;
using ShimStack.Native.Terminals;

namespace ShimStack.Ctl.Output;

/// <summary>A line on stderr that says what is waited for, and since when: on a terminal, for what takes longer than a second; wiped out at the end.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ITimer? _timer;
    private string _text = "";
    private int _seconds;

    public ProgressLine(TimeProvider time) => _timer = Terminal.IsTerminal(Screen.Error) ? time.CreateTimer(_ => Tick(), null, Step, Step) : null;

    /// <summary>What is waited for from now on.</summary>
    public void Say(string text)
    {
        lock (_gate)
        {
            _text = text;
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            if (_seconds > 0)
            {
                Screen.Write(Screen.Error, "\r\e[K");
            }

            _seconds = -1;
        }
    }

    private void Tick()
    {
        lock (_gate)
        {
            if (_seconds >= 0)
            {
                Screen.Write(Screen.Error, string.Create(CultureInfo.InvariantCulture, $"\r\e[K{_text} … {++_seconds} s"));
            }
        }
    }
}
