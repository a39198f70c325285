"""The MCP server: other agents plan, check, preview and run by typed tools. Its modules need the extra `mcp`; the command imports them late."""
