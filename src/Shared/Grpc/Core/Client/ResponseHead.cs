// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client;

/// <summary>Reads headers and trailers of a response.</summary>
internal static class ResponseHead
{
    /// <summary>
    /// The outcome when the headers alone end the call: trailers-only, a status of HTTP, or something that is no gRPC. Null: read on.
    /// </summary>
    public static CallOutcome? FindOutcome(HttpResponseMessage response)
    {
        // A grpc-status always wins over the status of HTTP.
        if (TryReadStatus(response.Headers.NonValidated, out var outcome))
            return outcome;
        var httpStatus = (int)response.StatusCode;
        if (httpStatus != 200)
            return Failed(StatusMapping.FromHttpStatus(httpStatus), $"The server answered HTTP {httpStatus} without a grpc-status.");
        var contentType = response.Content.Headers.NonValidated.TryGetValues("content-type", out var values) ? values.ToString() : null;
        if (!GrpcNames.IsGrpcContentType(contentType))
            return Failed(StatusCode.Unknown, $"The server answered with the content type '{contentType}', which is not gRPC.");
        return Encoding(response) is null or GrpcNames.Identity or GrpcNames.Gzip
            ? null
            : Failed(StatusCode.Internal, $"The server answered in the encoding '{Encoding(response)}', which was not offered.");
    }

    /// <summary>The outcome in the trailers of a response read to its end.</summary>
    public static CallOutcome ReadTrailers(HttpResponseMessage response) =>
        TryReadStatus(response.TrailingHeaders.NonValidated, out var outcome)
            ? outcome
            : Failed(StatusCode.Unknown, "The server ended the response without a grpc-status.");

    /// <summary>Whether the server announced gzip.</summary>
    public static bool IsGzip(HttpResponseMessage response) => Encoding(response) == GrpcNames.Gzip;

    /// <summary>The metadata among HTTP headers.</summary>
    public static Metadata ReadMetadata(System.Net.Http.Headers.HttpHeadersNonValidated headers)
    {
        var metadata = new Metadata();
        foreach (var (key, values) in headers)
        {
            foreach (var value in values)
                MetadataCodec.AddReceived(metadata, key, value);
        }

        return metadata;
    }

    private static bool TryReadStatus(System.Net.Http.Headers.HttpHeadersNonValidated headers, out CallOutcome outcome)
    {
        outcome = null!;
        if (!headers.TryGetValues(GrpcNames.StatusHeader, out var status))
            return false;
        var detail = headers.TryGetValues(GrpcNames.MessageHeader, out var message) ? StatusMessageCodec.Decode(message.ToString()) : "";
        outcome = new CallOutcome(new Status(StatusMapping.FromStatusHeader(status.ToString()), detail), ReadMetadata(headers));
        return true;
    }

    private static string? Encoding(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(GrpcNames.EncodingHeader, out var values) ? values.ToString() : null;

    private static CallOutcome Failed(StatusCode code, string detail) => new(new Status(code, detail), Metadata.Empty);
}
