package dev.ebb.gateway.route;

/**
 * One pod's port that the gateway may dial: verified by {@link Backends}.
 *
 * @param podUid whose port it is
 * @param pod the pod's name, for messages
 * @param address the pod's IP address, as text
 * @param port the port
 */
public record Backend(String podUid, String pod, String address, int port) {}
