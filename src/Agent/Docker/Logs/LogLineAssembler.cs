// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace ClusterManager.Agent.Docker;

/// <summary>
/// Makes lines of one stream's bytes. The engine puts a time and a blank before every message; a line of more than 16 KiB is several
/// messages, so that times inside a line are dropped. With a terminal messages can not be told apart: a time is looked for at the start
/// of a line only. Pure.
/// </summary>
internal sealed class LogLineAssembler
{
    private const int TimeLength = 30;

    private readonly LogStream _stream;
    private readonly bool _tty;
    private readonly char[] _time = new char[TimeLength + 1];
    private byte[] _text = new byte[256];
    private int _length;
    private int _timeLength;
    private long _lineTime;
    private long _lastTime;
    private bool _expectsTime;
    private bool _isInLine;

    /// <summary>Begins a stream.</summary>
    /// <param name="stream">Which one the lines are said to come from.</param>
    /// <param name="tty">Whether a terminal wrote it.</param>
    public LogLineAssembler(LogStream stream, bool tty)
    {
        _stream = stream;
        _tty = tty;
        _expectsTime = tty;
    }

    /// <summary>A new message begins with the next byte, hence a time.</summary>
    public void BeginMessage()
    {
        _expectsTime = true;
        _timeLength = 0;
    }

    /// <summary>Takes bytes, and adds the lines that they finish.</summary>
    public void Append(ReadOnlySpan<byte> bytes, Queue<LogLine> lines)
    {
        foreach (var value in bytes)
        {
            if (_expectsTime)
                TakeTime(value, lines);
            else
                TakeText(value, lines);
        }
    }

    /// <summary>Hands out what lacks its end.</summary>
    public void Finish(Queue<LogLine> lines)
    {
        GiveUpTime(lines);
        if (_isInLine)
            EndLine(lines);
    }

    private void TakeTime(byte value, Queue<LogLine> lines)
    {
        _time[_timeLength++] = (char)value;
        if (value == ' ' && EngineTime.TryParseLogTime(_time.AsSpan(0, _timeLength - 1), out var time))
        {
            _expectsTime = false;
            _timeLength = 0;
            _lastTime = time;
            BeginLine();
        }
        else if (value is (byte)' ' or (byte)'\n' || _timeLength == _time.Length)
        {
            GiveUpTime(lines);
        }
    }

    // What looked like a time was text: rare, an engine without times or a message of several lines.
    private void GiveUpTime(Queue<LogLine> lines)
    {
        _expectsTime = false;
        var count = _timeLength;
        _timeLength = 0;
        for (var index = 0; index < count; index++)
            TakeText((byte)_time[index], lines);
    }

    private void TakeText(byte value, Queue<LogLine> lines)
    {
        BeginLine();
        if (value == '\n')
        {
            EndLine(lines);
            _expectsTime = _tty;
            return;
        }
        if (_length == LogLine.LengthBytesMax)
            Emit(lines, continues: true);
        if (_length == _text.Length)
            Array.Resize(ref _text, _text.Length * 2);
        _text[_length++] = value;
    }

    private void BeginLine()
    {
        if (_isInLine)
            return;
        _isInLine = true;
        _lineTime = _lastTime;
    }

    private void EndLine(Queue<LogLine> lines)
    {
        if (_tty && _length > 0 && _text[_length - 1] == '\r')
            _length--;
        Emit(lines, continues: false);
        _isInLine = false;
    }

    private void Emit(Queue<LogLine> lines, bool continues)
    {
        lines.Enqueue(new LogLine(_lineTime, _stream, Encoding.UTF8.GetString(_text, 0, _length), continues));
        _length = 0;
    }
}
