// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ClusterManager.Registry;

/// <summary>One answer, read whole. Holds what was shown for it only to keep that out of error texts.</summary>
internal sealed class RegistryReply
{
    private readonly HttpResponseMessage _message;
    private readonly DateTimeOffset _now;

    /// <summary>Wraps an answer whose content has been read.</summary>
    /// <param name="host">Who was asked.</param>
    /// <param name="message">The answer; its headers stay readable after it is disposed.</param>
    /// <param name="body">Its content.</param>
    /// <param name="now">When it came.</param>
    public RegistryReply(RegistryHost host, HttpResponseMessage message, byte[] body, DateTimeOffset now) =>
        (Host, _message, Body, _now) = (host, message, body, now);

    public RegistryHost Host { get; }

    public byte[] Body { get; }

    public int Status => (int)_message.StatusCode;

    public bool IsSuccess => Status == 200;

    /// <summary>What must not stand in any text.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>What was asked for, for people.</summary>
    public string Subject { get; init; } = "it";

    public IEnumerable<string> Values(string name) =>
        _message.Headers.NonValidated.TryGetValues(name, out var values) ? values
        : _message.Content.Headers.NonValidated.TryGetValues(name, out values) ? values : [];

    public string? Header(string name) => Values(name).FirstOrDefault();

    /// <summary>The content's type without parameters, in lower case; empty: none.</summary>
    public string MediaType
    {
        get
        {
            var text = Header("Content-Type") ?? "";
            var end = text.IndexOf(';', StringComparison.Ordinal);
            return (end < 0 ? text : text[..end]).Trim().ToLowerInvariant();
        }
    }

    public T Read<T>(JsonTypeInfo<T> type)
    {
        try
        {
            if (JsonBudget.IsExceeded(Body)) throw Host.Protocol("the answer holds more objects than is allowed");
            return JsonSerializer.Deserialize(Body, type) ?? throw Host.Protocol("the answer is null");
        }
        catch (JsonException)
        {
            throw Host.Protocol("the answer is not the JSON that was expected");
        }
    }

    /// <summary>The failure that a status other than success is.</summary>
    /// <param name="prefix">Stands before the registry's words.</param>
    public RegistryException ToException(string prefix = "")
    {
        var delay = RetryDelay.Of(_message.Headers, _now);
        var words = ErrorWords.Of(Body, Secrets);
        var (kind, text) = Status switch
        {
            401 => (RegistryErrorKind.Refused, "it does not accept the identity"),
            403 => (RegistryErrorKind.Refused, $"{Subject} may not be read"),
            404 => (RegistryErrorKind.NotFound, $"{Subject} is not there"),
            429 => (RegistryErrorKind.Throttled, "too many requests"),
            >= 500 => (RegistryErrorKind.Unavailable, "it failed"),
            _ => (RegistryErrorKind.Protocol, "an answer that is not understood"),
        };
        var wait = kind == RegistryErrorKind.Throttled ? delay ?? RetryDelay.WhenUnsaid
            : kind == RegistryErrorKind.Unavailable ? delay : null;
        return new RegistryException(
            kind, Host.Name, $"{prefix}{text} (HTTP {Status}{(words.Length > 0 ? $", {words}" : "")})", Status, wait);
    }
}
